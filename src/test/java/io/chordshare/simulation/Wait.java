package io.chordshare.simulation;

import org.jspecify.annotations.Nullable;

/** Where one task of a process waits for the first of several things; whatever comes after that is too late. */
final class Wait {

    private final SimulatedProcess process;
    private @Nullable Task waiting;
    private boolean over;

    Wait(SimulatedProcess process) {
        this.process = process;
    }

    boolean isOver() {
        return over;
    }

    /** The task goes on, unless it does already: at once within an event, otherwise as the next one. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        Task task = waiting;
        if (task != null) {
            process.letGoOn(task);
        }
    }

    /** The running task waits here until the end. */
    void await() {
        if (!over) {
            waiting = process.kernel().current();
            process.kernel().park();
        }
    }
}
