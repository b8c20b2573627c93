package io.chordshare.simulation.history;

import java.util.List;

/**
 * By state of the register, the operations not yet in order that can only be run in it, and those that can bring it
 * about. A state that is still needed, and that nothing brings back, must not be left: this ends most wrong ways at
 * once when each write has a value of its own.
 */
final class Waiting {

    private final int[] needing;
    private final int[] writing;
    private final int[] naming;

    Waiting(List<Step> steps, int states) {
        needing = new int[states];
        writing = new int[states];
        naming = new int[states];
        for (Step step : steps) {
            add(step);
            if (!step.operation().isCertain() && step.names() != Step.NONE) {
                // whether an open write is in order differs between configurations that are compared
                naming[step.names()]++;
            }
        }
    }

    void add(Step step) {
        count(step, 1);
    }

    void remove(Step step) {
        count(step, -1);
    }

    private void count(Step step, int change) {
        if (step.needs() != Step.NONE) {
            needing[step.needs()] += change;
        }
        if (step.writes() != Step.NONE) {
            writing[step.writes()] += change;
        }
        if (step.names() != Step.NONE && step.operation().isCertain()) {
            naming[step.names()] += change;
        }
    }

    /** Whether no operation that is not yet in order brings the state about. */
    boolean isLastTime(int state) {
        return writing[state] == 0;
    }

    /** Whether this step, which leaves the state, would leave others without it for good. */
    boolean keeps(int state, Step step) {
        return isLastTime(state) && needing[state] > (step.needs() == state ? 1 : 0);
    }

    /** The state, or {@link Step#UNREAD} for a value that nothing will name any more. */
    int told(int state) {
        return state >= Step.FIRST_NAMED && naming[state] == 0 ? Step.UNREAD : state;
    }
}
