package io.chordshare.simulation;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Straight-line code that may wait: a virtual thread which goes on only when the loop says so. Its fields belong to the
 * {@link TaskRunner} that made it.
 */
final class Task {

    final String name;
    final Semaphore goesOn = new Semaphore(0);
    @Nullable Thread thread;
    boolean begun;
    /** It waits through the port: the only way in which a task may give the loop its turn before it has ended. */
    volatile boolean parked;
    volatile boolean ended;

    Task(String name) {
        this.name = name;
    }
}
