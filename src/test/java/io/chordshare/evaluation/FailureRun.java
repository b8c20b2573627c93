package io.chordshare.evaluation;

import io.chordshare.id.ChordId;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.simulation.SimulatedNode.Crash;
import io.chordshare.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A part of all nodes fails at the same moment, and lookups start before anything is repaired (ToN 2003, section VI-D
 * and table II). All lookups start at once, so no lookup profits from another.
 */
final class FailureRun {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private FailureRun() {}

    static Lookups.Tally of(long seed, int nodes, int successors, double failed, int lookups) {
        Simulation world = new Simulation(seed, successors);
        List<SimulatedNode> left = new ArrayList<>(world.ideal(nodes));
        left.forEach(SimulatedNode::stopTicking);
        Random random = world.faults();
        Collections.shuffle(left, random);
        for (int dead = (int) Math.round(failed * nodes); dead > 0; dead--) {
            left.removeLast().crash(Crash.MACHINE);
        }
        Lookups tried = new Lookups(world);
        for (int i = 0; i < lookups; i++) {
            tried.begin(left.get(i % left.size()), ChordId.random(random));
        }
        if (!world.runUntil(tried::areOver, LONGEST)) {
            throw new IllegalStateException("lookups take longer than " + LONGEST);
        }
        return tried.tally();
    }
}
