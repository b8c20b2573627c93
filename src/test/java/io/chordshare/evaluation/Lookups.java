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
 * Lookups as in a download: the node looks up the key, then asks the owner and, if the owner is silent, the nodes after
 * it. A lookup succeeds when the first node that answers is the key's current successor (ToN 2003, section VI-E), at
 * the start or at the end of the lookup, because the ring may change in between.
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
     * The results of one or several runs.
     *
     * @param hops number of nodes asked until one named the owner, for each successful lookup
     * @param timeouts number of asked nodes that did not answer, silent owners included
     * @param failures descriptions of the failures
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

    /** Starts a lookup, which continues in the background. */
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
        failures.add(world.now() + " " + asker + ": no node of the owner set of " + key + " answers");
    }

    private static boolean answers(SimulatedNode asker, Peer candidate) {
        try {
            asker.call(candidate, new RingRequest.GetNeighbours());
            return true;
        } catch (PeerException e) {
            return false;
        }
    }

    /** The member that currently owns the key, with global knowledge. */
    private Peer owner(ChordId key) {
        return world.up().stream().filter(node -> node.state().status().isMember()).map(SimulatedNode::self)
                .min(Comparator.comparing(peer -> key.offsetOf(peer.id()))).orElseThrow();
    }

    /** Whether every started lookup has ended. Lookups of a crashed node never do. */
    boolean areOver() {
        return tally().count() == begun;
    }

    Tally tally() {
        return new Tally(List.copyOf(hops), List.copyOf(timeouts), List.copyOf(failures));
    }
}
