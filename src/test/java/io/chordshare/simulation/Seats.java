package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The seats that one node has had in any global state so far, numbered from 1. So a global state is one number per
 * node. Frequently used properties are stored with each seat.
 */
final class Seats {

    /** A global state is four seat numbers in 64 bits. */
    static final int BITS = 16;
    /** A node is started at most twice, and there is no process 0. */
    private static final int INCARNATIONS = 3;
    static final int MASK = (1 << BITS) - 1;

    private final Map<Seat, Integer> numbers = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Face, Integer> faces = new HashMap<>();
    private final Map<Object, Integer> views = new HashMap<>();
    private final ToIntFunction<ChordId> positions;
    private final String ringId;

    /** The part that the steps of other nodes depend on. */
    private record Face(@Nullable RingState state, long incarnation, boolean asking, @Nullable LeaveNotice notice) {}

    Seats(ToIntFunction<ChordId> positions, String ringId) {
        this.positions = positions;
        this.ringId = ringId;
    }

    int of(Seat seat) {
        Integer known = numbers.get(seat);
        if (known != null) {
            return known;
        }
        if (entries.size() == MASK) {
            throw new IllegalStateException("more seats of one node than fit into " + BITS + " bits");
        }
        entries.add(new Entry(seat));
        numbers.put(seat, entries.size());
        return entries.size();
    }

    Entry get(int number) {
        return entries.get(number - 1);
    }

    int size() {
        return entries.size();
    }

    /** A seat with its properties. Sets of positions are bits. */
    final class Entry {

        final Seat seat;
        final int face;
        /** The number of the state if the node is a member, otherwise 0: the part that the invariants check. */
        final int view;
        /** The number of the member's list, or of the list that it is about to adopt; 0 when there is none. */
        final int chain;
        final boolean isMember;
        final boolean isLeaving;
        final boolean isRingOfOne;
        /** Whether the list is empty. */
        final boolean hasNobody;
        private final int[] listed;
        private final int[] listedThen;
        private final int[] pointers = new int[INCARNATIONS];
        private final Branch[] steps = new Branch[Step.CODES];

        private Entry(Seat seat) {
            this.seat = seat;
            RingState state = seat.state();
            face = number(faces, new Face(state, seat.incarnation(), seat.isBusy(), leaveNotice()));
            isMember = state != null && LiveRing.isMember(state, ringId);
            isLeaving = seat.doing() instanceof Seat.Departing;
            isRingOfOne = isMember && LiveRing.isRingOfOne(state);
            view = isMember ? number(views, state) : 0;
            hasNobody = isMember && state.successors().isEmpty();
            RingState then = seat.doing() instanceof Seat.Waiting waiting ? get(waiting.then()).seat.state() : null;
            listed = bits(isMember ? state.successors() : List.of());
            listedThen = then == null ? listed : bits(then.successors());
            chain = then != null ? number(views, then.successors()) : isMember ? number(views, state.successors()) : 0;
            if (isMember) {
                state.successors().forEach(this::point);
                if (state.predecessor() != null) {
                    point(state.predecessor());
                }
            }
        }

        /** The positions that the list names under this incarnation. */
        int listed(long incarnation) {
            return listed[(int) incarnation];
        }

        /** As {@link #listed}, after the answer under way. */
        int listedThen(long incarnation) {
            return listedThen[(int) incarnation];
        }

        private void point(Peer peer) {
            pointers[(int) peer.incarnation()] |= 1 << positions.applyAsInt(peer.id());
        }

        /** The positions that the pointers name under this incarnation. */
        int pointers(long incarnation) {
            return pointers[(int) incarnation];
        }

        boolean isDown() {
            return seat.state() == null;
        }

        /** Whether the answer to a question of this node is under way. */
        boolean isAnswered() {
            return seat.doing() instanceof Seat.Waiting;
        }

        boolean isIdle() {
            return seat.doing() instanceof Seat.Nothing;
        }

        @Nullable LeaveNotice leaveNotice() {
            return switch (seat.doing()) {
                case Seat.Departing departing -> departing.notice();
                case Seat.Gone gone -> gone.notice();
                default -> null;
            };
        }

        /** Its future list. */
        List<Peer> chainList() {
            RingState state = seat.doing() instanceof Seat.Waiting waiting ? get(waiting.then()).seat.state()
                    : seat.state();
            return state == null ? List.of() : state.successors();
        }

        /** The known outcomes of a step from here; an empty branch when it was never taken. */
        Branch step(int code) {
            if (steps[code] == null) {
                steps[code] = new Branch();
            }
            return steps[code];
        }
    }

    private int[] bits(List<Peer> peers) {
        int[] bits = new int[INCARNATIONS];
        for (Peer peer : peers) {
            bits[(int) peer.incarnation()] |= 1 << positions.applyAsInt(peer.id());
        }
        return bits;
    }

    private static <K> int number(Map<K, Integer> numbers, K key) {
        Integer known = numbers.get(key);
        if (known == null) {
            known = numbers.size() + 1;
            numbers.put(key, known);
        }
        if (known > MASK) {
            throw new IllegalStateException("too many to be told apart by " + BITS + " bits");
        }
        return known;
    }

    static int at(long state, int position) {
        return (int) (state >>> (position * BITS)) & MASK;
    }

    static long with(long state, int position, int seat) {
        long mask = (long) MASK << (position * BITS);
        return state & ~mask | (long) seat << (position * BITS);
    }
}
