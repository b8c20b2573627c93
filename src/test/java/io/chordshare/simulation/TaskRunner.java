package io.chordshare.simulation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, each until it waits. There are two implementations, because the faster one leans on a
 * package-private corner of the JDK: they must agree on every run, which is a test of its own.
 */
interface TaskRunner {

    /** A task that has not begun yet. Whatever it throws goes to {@code failed}. */
    Task create(String name, Runnable work, Consumer<Throwable> failed);

    /**
     * Begins {@code task}, or lets it go on, until it waits or ends. For the loop only, never from within a task.
     *
     * @throws IllegalStateException when it waits for something outside of the runtime port: a lock, a real sleep, I/O
     */
    void resume(Task task);

    /**
     * The running task waits here until it is resumed. A task that is never resumed is abandoned: nothing of it runs.
     */
    void park();

    /** The task that is running; null while the loop itself is. */
    @Nullable Task current();

    /** A thread that is fit to run the loop. */
    Thread loop(Runnable body);
}
