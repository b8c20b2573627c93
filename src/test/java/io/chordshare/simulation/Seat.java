package io.chordshare.simulation;

import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node in one global state of a small ring: all that its further steps, and those of others, can depend on. Four of
 * them are a global state; notices under way are not in it, because {@link SmallRing} lets any arrive at any time.
 *
 * @param state       what others see; null while there is no process
 * @param incarnation of its process, or of the last one
 * @param departed    who has told it that they left
 * @param doing       what it is in the middle of
 */
record Seat(@Nullable RingState state, long incarnation, List<Peer> departed, Doing doing) {

    /** In place of a position: nobody is notified, or asked. */
    static final int NOBODY = -1;

    /** What a node is in the middle of. Its queue runs one piece at a time, so it begins nothing else meanwhile. */
    sealed interface Doing {}

    /** Free to begin any step. */
    record Nothing() implements Doing {}

    /**
     * It has stabilised from its successor, and its question to the nearer {@code candidate} is still to be answered.
     */
    record Next(Peer candidate) implements Doing {}

    /**
     * The answer to its question is under way.
     *
     * @param candidate whom it stabilises from, or null: its successor, or the member that it joins at
     * @param asked     the position of who answered: when that one dies its answer may be lost
     * @param then      the seat in which the answer puts it
     * @param notifies  the position of whom it notifies then, or {@link #NOBODY}
     */
    record Waiting(@Nullable Peer candidate, int asked, int then, int notifies) implements Doing {}

    /**
     * It says farewell, and is still a member.
     *
     * @param isBusy whether it answers questions with busy meanwhile
     * @param then   the seat in which it is a ring of its own
     */
    record Departing(LeaveNotice farewell, boolean isBusy, int then) implements Doing {}

    /** A ring of its own. Others may hear its farewell even now. */
    record Gone(LeaveNotice farewell) implements Doing {}

    /** Whether it answers questions with busy. */
    boolean isBusy() {
        return doing instanceof Waiting || doing instanceof Departing departing && departing.isBusy();
    }

    static Seat idle(RingState state, List<Peer> departed) {
        return new Seat(state, state.self().incarnation(), departed, new Nothing());
    }

    static Seat down(long incarnation) {
        return new Seat(null, incarnation, List.of(), new Nothing());
    }

    Seat doing(Doing next) {
        return new Seat(state, incarnation, departed, next);
    }
}
