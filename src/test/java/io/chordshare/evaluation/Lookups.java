package io.chordshare.evaluation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.simulation.Simulation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lookups as a download does them: the node looks the key up, then asks the owner, and where that is silent the nodes
 * after it. A lookup has succeeded when the first that answers is the key's present successor (ToN 2003, section VI-E),
 * counted at its begin or at its end: in between the ring may change.
 */
final class Lookups {

    private final Simulation world;
    private final List<Integer> hops = new ArrayList<>();
    private final List<Integer> timeouts = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int begun;

    Lookups(Simulation world) {
        this.world = world;
    }

    /**
     * Those of one or several runs.
     *
     * @param hops     nodes that were asked until one named the owner, for each lookup that succeeded
     * @param timeouts nodes that were asked and did not answer, silent owners included
     * @param failures what went wrong, in words
     */
    record Tally(List<Integer> hops, List<Integer> timeouts, List<String> failures) {

        static Tally of(List<Tally> parts) {
            return new Tally(parts.stream().flatMap(part -> part.hops.stream()).toList(),
                    parts.stream().flatMap(part -> part.timeouts.stream()).toList(),
                    parts.stream().flatMap(part -> part.failures.stream()).toList());
        }

        int count() {
            return hops.size() + failures.size();
        }

        Statistic pathLength() {
            return Statistic.of(hops);
        }

        Statistic silent() {
            return Statistic.of(timeouts);
        }
    }

    /** Starts one; it goes on by itself. */
    void begin(SimulatedNode asker, ChordId key) {
        begun++;
        Peer owner = owner(key);
        asker.start("lookup", () -> run(asker, key, owner));
    }

    private void run(SimulatedNode asker, ChordId key, Peer ownerAtFirst) {
        LookupResult found;
        try {
            found = asker.node().lookup(key);
        } catch (LookupFailedException e) {
            failures.add(world.now() + " " + asker + ": " + e.getMessage());
            return;
        }
        int silent = found.silent();
        List<Peer> inTurn = found.confirmed() ? List.of(found.owner()) : found.successors();
        for (Peer candidate : inTurn) {
            if (found.confirmed() || answers(asker, candidate)) {
                Peer owner = owner(key);
                if (!candidate.sameNode(owner) && !candidate.sameNode(ownerAtFirst)) {
                    failures.add(world.now() + " " + asker + ": " + key + " is at " + owner + ", and not at "
                            + candidate);
                    return;
                }
                hops.add(found.hops());
                timeouts.add(silent);
                return;
            }
            silent++;
        }
        failures.add(world.now() + " " + asker + ": nobody of the owner set of " + key + " answers");
    }

    private static boolean answers(SimulatedNode asker, Peer candidate) {
        try {
            asker.call(candidate, new RingRequest.GetNeighbours());
            return true;
        } catch (PeerException e) {
            return false;
        }
    }

    /** The member that owns the key now, whoever knows it. */
    private Peer owner(ChordId key) {
        return world.up().stream().filter(node -> node.state().status().isMember()).map(SimulatedNode::self)
                .min(Comparator.comparing(peer -> key.offsetOf(peer.id()))).orElseThrow();
    }

    /** Whether every lookup that was begun has ended: those of a node that crashed meanwhile never do. */
    boolean areOver() {
        return tally().count() == begun;
    }

    Tally tally() {
        return new Tally(List.copyOf(hops), List.copyOf(timeouts), List.copyOf(failures));
    }
}
