package io.chordshare.simulation;

import java.util.HashMap;
import java.util.Map;

/**
 * The known outcomes of one step of one node: which node it asks first, which it asks next for each possible answer,
 * and finally the seat in which the step leaves the node. The production code runs once for each path. A check ensures
 * that it asks the same nodes after the same answers.
 */
final class Branch {

    private static final int UNKNOWN = -2;

    private int asked = UNKNOWN;
    private final Map<Integer, Branch> byFace = new HashMap<>(4);
    private int seat;
    private int notified;
    private int recognizing;

    boolean isUnknown() {
        return asked == UNKNOWN;
    }

    boolean isEnd() {
        return asked == Seat.NOBODY;
    }

    /** The position of the node that is asked next. */
    int asked() {
        return asked;
    }

    Branch answered(int face) {
        return byFace.computeIfAbsent(face, key -> new Branch());
    }

    void asks(int position) {
        learn(position);
    }

    void ends(int seat, int notified, int recognizing) {
        learn(Seat.NOBODY);
        this.seat = seat;
        this.notified = notified;
        this.recognizing = recognizing;
    }

    private void learn(int next) {
        if (asked != UNKNOWN && asked != next) {
            throw new IllegalStateException("the same step on the same answers asked " + asked + " and then " + next);
        }
        asked = next;
    }

    /** The seat in which the step leaves the node. */
    int seat() {
        return seat;
    }

    /** The position of the node that has learned that this node is a new process, or {@link Seat#NOBODY}. */
    int recognizing() {
        return recognizing;
    }

    /** The position of the node that was notified, or {@link Seat#NOBODY}. */
    int notified() {
        return notified;
    }
}
