package io.chordshare.simulation;

import org.jspecify.annotations.Nullable;

/** Lets one task of a process wait for the first of several events. Later events are too late. */
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

    /** Resumes the task, unless it is already resumed: immediately within an event, otherwise as the next event. */
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

    /** The running task waits here until {@link #end}. */
    void await() {
        if (!over) {
            waiting = process.kernel().current();
            process.kernel().park();
        }
    }
}
