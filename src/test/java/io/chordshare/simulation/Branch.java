package io.chordshare.simulation;

import java.util.HashMap;
import java.util.Map;

/**
 * What one step of one node does, as far as it was seen: whom it asks first, and, for each way in which that one may
 * answer, whom it asks next, up to the seat in which the step leaves the node. The production code is run once for each
 * way; whether it asks the same on the same answers is checked.
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

    /** The position of who is asked next. */
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

    /** The position of who knows from now on that the node is a new process, or {@link Seat#NOBODY}. */
    int recognizing() {
        return recognizing;
    }

    /** The position of whom it has notified, or {@link Seat#NOBODY}. */
    int notified() {
        return notified;
    }
}
