package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks every global state, and every move between two states. Most states differ in the current steps and not in
 * pointers, so results are stored.
 */
final class SmallRingOracle {

    private final SmallRing ring;
    private final LongTable looked = new LongTable();
    private final BitSet ideal = new BitSet();
    private final Map<Integer, Breach> breaches = new HashMap<>();
    private final LongTable chains = new LongTable();
    private byte[] principals = new byte[1 << 10];
    private byte[] principalsThen = new byte[1 << 10];

    SmallRingOracle(SmallRing ring) {
        this.ring = ring;
    }

    /** Invariants 1, 3, 4 and 5 of the live members. */
    Optional<Breach> breach(long state) {
        return Optional.ofNullable(breaches.get(look(state)));
    }

    /** Number of different combinations of pointers. */
    int pointers() {
        return looked.size();
    }

    /** Whether every pointer of the live members is right. */
    boolean isIdeal(long state) {
        return ideal.get(look(state));
    }

    long pointersOf(long state) {
        long views = 0;
        for (int node = 0; node < ring.nodes(); node++) {
            views = Seats.with(views, node, ring.entry(state, node).view);
        }
        return views;
    }

    private int look(long state) {
        int before = looked.size();
        int number = looked.add(pointersOf(state));
        if (number == before) {
            LiveRing live = new LiveRing(members(state));
            RingInvariants.check(live, 0).stream().findFirst().ifPresent(breach -> breaches.put(number, breach));
            ideal.set(number, RingError.of(live, ring.ring.r()).ofNeighbours() == 0);
            principals = with(principals, number, positions(live));
        }
        return number;
    }

    private List<RingState> members(long state) {
        List<RingState> members = new ArrayList<>();
        for (int node = 0; node < ring.nodes(); node++) {
            Seats.Entry entry = ring.entry(state, node);
            if (entry.isMember) {
                members.add(entry.seat.state());
            }
        }
        return members;
    }

    /**
     * Invariant 2, as in {@link RingWatch}: no step makes a principal skipped. An answer under way counts instead of
     * the list that it replaces. Only an empty list may be replaced by any list.
     */
    Optional<Breach> breach(long before, Step step, int node, long after) {
        if (step != Step.ASK && step != Step.JOIN || hasEmptyList(before)) {
            return Optional.empty();
        }
        int skipped = principalsThen(before) & ~principalsThen(after) & ring.live(before) & ring.live(after);
        skipped &= ~diedIn(ring.entry(before, node).chainList(), after);
        return skipped == 0 ? Optional.empty()
                : Optional.of(new Breach(Invariant.PRINCIPALS, Integer.numberOfTrailingZeros(
                skipped) + ", a live member that nobody skipped, is skipped by " + node));
    }

    private boolean hasEmptyList(long state) {
        for (int node = 0; node < ring.nodes(); node++) {
            Seats.Entry entry = ring.entry(state, node);
            if (entry.hasNobody) {
                return true;
            }
        }
        return false;
    }

    /** A node that named a dead process may drop it, and skip the next process of that node. */
    private int diedIn(List<Peer> list, long state) {
        int died = 0;
        for (Peer peer : list) {
            int position = ring.position(peer.id());
            if (peer.incarnation() < ring.entry(state, position).seat.incarnation()) {
                died |= 1 << position;
            }
        }
        return died;
    }

    /** The positions, as bits, of the members that no list skips. */
    int principals(long state) {
        return principals[look(state)];
    }

    /** As {@link #principals}, after all answers under way. */
    int principalsThen(long state) {
        long lists = 0;
        for (int node = 0; node < ring.nodes(); node++) {
            lists = Seats.with(lists, node, ring.entry(state, node).chain);
        }
        int before = chains.size();
        int number = chains.add(lists);
        if (number == before) {
            principalsThen = with(principalsThen, number, positions(new LiveRing(membersThen(state))));
        }
        return principalsThen[number];
    }

    private static byte[] with(byte[] sets, int number, byte set) {
        byte[] longer = number < sets.length ? sets : Arrays.copyOf(sets, 2 * number);
        longer[number] = set;
        return longer;
    }

    private List<RingState> membersThen(long state) {
        List<RingState> holders = new ArrayList<>();
        for (int node = 0; node < ring.nodes(); node++) {
            Seats.Entry entry = ring.entry(state, node);
            if (entry.chain != 0) {
                RingState at = entry.seat.state();
                holders.add(RingTestAccess.pointers(new RingState(at.self(), at.ringId(), at.status(), at.predecessor(),
                        null, entry.chainList(), at.fingers())));
            }
        }
        return holders;
    }

    private byte positions(LiveRing live) {
        int positions = 0;
        for (ChordId id : RingInvariants.principals(live)) {
            positions |= 1 << ring.position(id);
        }
        return (byte) positions;
    }
}
