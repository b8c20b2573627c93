package io.chordshare.simulation;

import io.chordshare.runtime.Request;

/**
 * An answer with pointers on its way to the asker.
 *
 * @param number  distinguishes two answers with the same content
 * @param asker   the node that waits for it
 * @param from    the node that gave it
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
