package io.chordshare.simulation;

import io.chordshare.runtime.Request;

/**
 * An answer with pointers on its way to whoever asked for them.
 *
 * @param number  which one: two answers with the same content are still two
 * @param asker   who waits for it
 * @param from    who gave it
 * @param request {@code GetPredecessorAndSuccessors} or {@code Join}
 * @param answer  {@code Neighbours} or {@code JoinAnswer}
 */
public record PendingAnswer(long number, SimulatedNode asker, SimulatedNode from, Request<?> request, Object answer) {

    @Override
    public boolean equals(Object other) {
        return other instanceof PendingAnswer that && number == that.number;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
