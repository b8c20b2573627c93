package io.chordshare.simulation;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Straight-line code that may wait: a virtual thread that continues only when the loop resumes it. Its fields belong to
 * the {@link TaskRunner} that created it.
 */
final class Task {

    final String name;
    final Semaphore goesOn = new Semaphore(0);
    @Nullable Thread thread;
    boolean begun;
    /** It waits through the port. A task may return control to the loop only in this way, or by ending. */
    volatile boolean parked;
    volatile boolean ended;

    Task(String name) {
        this.name = name;
    }
}
