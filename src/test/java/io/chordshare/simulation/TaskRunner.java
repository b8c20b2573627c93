package io.chordshare.simulation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, each until it waits. There are two implementations, because the faster one uses
 * package-private API of the JDK. A test checks that they agree on every run.
 */
interface TaskRunner {

    /** Creates a task that has not started yet. Its exceptions go to {@code failed}. */
    Task create(String name, Runnable work, Consumer<Throwable> failed);

    /**
     * Starts or resumes {@code task} until it waits or ends. For the loop only, never within a task.
     *
     * @throws IllegalStateException when the task waits outside the runtime port: for a lock, a real sleep or I/O
     */
    void resume(Task task);

    /**
     * The running task waits here until it is resumed. A task that is never resumed is abandoned: none of its code
     * runs.
     */
    void park();

    /** The running task; null while the loop itself runs. */
    @Nullable Task current();

    /** A thread that can run the loop. */
    Thread loop(Runnable body);
}
