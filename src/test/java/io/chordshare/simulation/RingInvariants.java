package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The full check of the invariants of docs/protocol.md, for one moment of a whole ring. */
final class RingInvariants {

    private RingInvariants() {}

    /**
     * All breaches of invariants 1 to 5.
     *
     * @param principalsNeeded r + 1 when every failure left that many; 0 when none are required
     */
    static List<Breach> check(LiveRing ring, int principalsNeeded) {
        List<Breach> breaches = new ArrayList<>();
        for (RingState member : ring.members()) {
            ofOneList(member).ifPresent(breaches::add);
        }
        List<Breach> isolated = isolated(ring);
        breaches.addAll(isolated);
        // invariant 3 uses best successors, so it assumes invariant 1
        if (isolated.isEmpty()) {
            oneRing(ring).ifPresent(breaches::add);
        }
        int principals = principals(ring).size();
        if (principals < principalsNeeded) {
            breaches.add(new Breach(Invariant.PRINCIPALS, "only " + principals + " of " + ring.size()
                    + " members are skipped by nobody; " + principalsNeeded + " are needed"));
        }
        return breaches;
    }

    /** Invariants 4 and 5, which concern one list. */
    static Optional<Breach> ofOneList(RingState member) {
        ChordId self = member.self().id();
        Set<ChordId> seen = new LinkedHashSet<>(Set.of(self));
        for (Peer entry : member.successors()) {
            if (!seen.add(entry.id())) {
                return Optional.of(new Breach(Invariant.NO_DUPLICATES, (entry.id().equals(self)
                        ? "the list names the node itself: " : "the list names " + entry + " twice: ")
                        + shown(member)));
            }
        }
        for (int i = 1; i < member.successors().size(); i++) {
            Peer one = member.successors().get(i - 1);
            Peer next = member.successors().get(i);
            if (!RingInterval.between(self, one.id(), next.id())) {
                return Optional.of(new Breach(Invariant.RING_ORDER, one + " comes after " + next + ": "
                        + shown(member)));
            }
        }
        return Optional.empty();
    }

    /** Invariant 1. The last node of a ring has no successor to name. */
    private static List<Breach> isolated(LiveRing ring) {
        if (ring.size() == 1) {
            return List.of();
        }
        return ring.members().stream().filter(member -> ring.bestSuccessor(member).isEmpty())
                .map(RingInvariants::noLiveSuccessor).toList();
    }

    static Breach noLiveSuccessor(RingState member) {
        return new Breach(Invariant.LIVE_SUCCESSOR, "nobody in the list is a live member: " + shown(member));
    }

    /** Invariant 2: the members that no member's list skips (Zave, TSE 2017, section 5.2). */
    static Set<ChordId> principals(LiveRing ring) {
        // each pair of neighbours in a list skips one run of members; sum up starts and ends of the runs
        int[] change = new int[ring.size() + 1];
        for (RingState member : ring.members()) {
            ChordId before = member.self().id();
            for (Peer entry : member.successors()) {
                int first = ring.after(before);
                int end = ring.atOrAfter(entry.id());
                if (before.compareTo(entry.id()) < 0) {
                    change[first]++;
                    change[end]--;
                } else {
                    change[first]++;
                    change[ring.size()]--;
                    change[0]++;
                    change[end]--;
                }
                before = entry.id();
            }
        }
        Set<ChordId> principals = new LinkedHashSet<>();
        int skips = 0;
        for (int i = 0; i < ring.size(); i++) {
            skips += change[i];
            if (skips == 0) {
                principals.add(ring.member(i).self().id());
            }
        }
        return principals;
    }

    /**
     * Invariant 3. Each member points to its best successor, so every path ends in a circle. An edge that does not lead
     * to a higher id crosses zero. A circle that winds around once does so in one place.
     */
    private static Optional<Breach> oneRing(LiveRing ring) {
        int[] next = new int[ring.size()];
        for (int i = 0; i < next.length; i++) {
            next[i] = ring.bestSuccessor(ring.member(i)).flatMap(ring::indexOf).orElse(i);
        }
        int[] visitedFrom = new int[next.length];
        List<List<ChordId>> circles = new ArrayList<>();
        for (int start = 0; start < next.length; start++) {
            int at = start;
            while (visitedFrom[at] == 0) {
                visitedFrom[at] = start + 1;
                at = next[at];
            }
            if (visitedFrom[at] == start + 1) {
                circles.add(circle(ring, next, at));
            }
        }
        if (circles.size() > 1) {
            return Optional.of(new Breach(Invariant.ONE_RING, "there are " + circles.size() + " rings: " + circles));
        }
        for (List<ChordId> circle : circles) {
            if (overZero(circle) != 1) {
                return Optional.of(new Breach(Invariant.ONE_RING,
                        "the ring winds around " + overZero(circle) + " times: " + circle));
            }
        }
        return Optional.empty();
    }

    private static List<ChordId> circle(LiveRing ring, int[] next, int start) {
        List<ChordId> circle = new ArrayList<>();
        int at = start;
        do {
            circle.add(ring.member(at).self().id());
            at = next[at];
        } while (at != start);
        return circle;
    }

    private static int overZero(List<ChordId> circle) {
        int times = 0;
        for (int i = 0; i < circle.size(); i++) {
            if (circle.get((i + 1) % circle.size()).compareTo(circle.get(i)) <= 0) {
                times++;
            }
        }
        return times;
    }

    static String shown(RingState state) {
        return state.self() + " " + state.status() + " < " + state.predecessor() + " > " + state.successors();
    }
}
