package io.chordshare.simulation;

import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node in one global state of a small ring: everything that the further steps of all nodes can depend on. Four
 * seats are a global state. Notices under way are not included, because {@link SmallRing} lets any notice arrive at any
 * time.
 *
 * @param state       what others see; null while there is no process
 * @param incarnation of its process, or of the last one
 * @param departed    nodes whose leave notice it has got
 * @param doing       its current step
 */
record Seat(@Nullable RingState state, long incarnation, List<Peer> departed, Doing doing) {

    /** Instead of a position, when no node is notified or asked. */
    static final int NOBODY = -1;

    /** The current step of a node. Its queue runs one step at a time, so it begins no other step. */
    sealed interface Doing {}

    /** Free to begin any step. */
    record Nothing() implements Doing {}

    /** It has stabilized from its successor, and has still to ask the nearer {@code candidate}. */
    record Next(Peer candidate) implements Doing {}

    /**
     * The answer to its question is under way.
     *
     * @param candidate the node that it stabilizes from; null for its successor, or the member that it joins at
     * @param asked     the position of the node that answered: when that node dies, its answer may be lost
     * @param then      the seat after the answer
     * @param notifies  the position of the node that it notifies afterwards, or {@link #NOBODY}
     */
    record Waiting(@Nullable Peer candidate, int asked, int then, int notifies) implements Doing {}

    /**
     * It sends its leave notices, and is still a member.
     *
     * @param isBusy whether it answers busy meanwhile
     * @param then   the seat in which it is a ring of its own
     */
    record Departing(LeaveNotice notice, boolean isBusy, int then) implements Doing {}

    /** A ring of its own. Its leave notices may still arrive. */
    record Gone(LeaveNotice notice) implements Doing {}

    /** Whether it answers busy. */
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
