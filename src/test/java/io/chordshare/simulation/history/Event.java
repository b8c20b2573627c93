package io.chordshare.simulation.history;

import org.jspecify.annotations.Nullable;

/**
 * A call or a return in the doubly linked list of events that are not yet in order. An open write has a call only: it
 * may take effect at any time after it.
 */
final class Event {

    final Step step;
    /** Among the certain operations, or among the open writes, by time of the call. */
    final int number;
    /** How many open writes of the same kind were called before. They are alike: the search takes them in turn. */
    final int rank;
    final boolean isCall;
    @Nullable Event returned;
    @Nullable Event previous;
    @Nullable Event next;

    Event(Step step, int number, int rank, boolean isCall) {
        this.step = step;
        this.number = number;
        this.rank = rank;
        this.isCall = isCall;
    }

    long nanos() {
        return isCall ? step.operation().invoked() : step.operation().returned();
    }

    boolean isCertain() {
        return step.operation().isCertain();
    }
}
