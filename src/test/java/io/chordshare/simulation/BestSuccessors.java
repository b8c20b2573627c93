package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checks invariant 3 incrementally. Every circle of best successors has at least one edge that crosses zero, which
 * means that it does not lead to a higher id. With exactly one such edge, every node reaches it, so there is one circle
 * that winds around once, and nothing has to be walked. With more such edges (a node joins there, or the ring is
 * broken), the paths are walked.
 */
final class BestSuccessors {

    private final Map<ChordId, ChordId> best = new TreeMap<>();
    private final NavigableSet<ChordId> overZero = new TreeSet<>();
    private final Set<ChordId> withoutAny = new TreeSet<>();

    void put(ChordId member, Optional<ChordId> successor) {
        remove(member);
        successor.ifPresentOrElse(next -> {
            best.put(member, next);
            if (next.compareTo(member) <= 0) {
                overZero.add(member);
            }
        }, () -> withoutAny.add(member));
    }

    void remove(ChordId member) {
        best.remove(member);
        overZero.remove(member);
        withoutAny.remove(member);
    }

    /**
     * The breach of invariant 3, if any. Assumes that every member has a best successor; otherwise invariant 1 reports
     * the breach.
     */
    Optional<String> problem() {
        if (!withoutAny.isEmpty() || overZero.size() <= 1) {
            return Optional.empty();
        }
        Map<ChordId, ChordId> nextOverZero = new TreeMap<>();
        overZero.forEach(edge -> nextOverZero.put(edge, follow(best.get(edge))));
        Set<ChordId> ends = new TreeSet<>();
        for (ChordId start : overZero) {
            ChordId at = start;
            Set<ChordId> seen = new TreeSet<>();
            while (seen.add(at)) {
                at = nextOverZero.get(at);
            }
            if (!nextOverZero.get(at).equals(at)) {
                return Optional.of("the ring winds around several times, over zero at " + seen);
            }
            ends.add(at);
        }
        return ends.size() == 1 ? Optional.empty()
                : Optional.of("there are " + ends.size() + " rings, passing over zero at " + ends);
    }

    private ChordId follow(ChordId start) {
        ChordId at = start;
        while (!overZero.contains(at)) {
            at = best.get(at);
        }
        return at;
    }
}
