package io.chordshare.simulation;

import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks and the loop as ordinary virtual threads that pass a baton. It uses only the public JDK, so it
 * cross-checks {@link SlotRunner}. It is about half as fast, and only the kernel's watchdog notices a task that waits
 * outside the port.
 */
final class BatonRunner implements TaskRunner {

    private final Semaphore loopGoesOn = new Semaphore(0);
    private volatile @Nullable Task current;

    @Override
    public Task create(String name, Runnable work, Consumer<Throwable> failed) {
        Task task = new Task(name);
        task.thread = Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
            task.ended = true;
            loopGoesOn.release();
        });
        return task;
    }

    @Override
    public void resume(Task task) {
        if (current != null || task.ended) {
            throw new IllegalStateException(task.name + " cannot go on now");
        }
        current = task;
        task.parked = false;
        if (task.begun) {
            task.goesOn.release();
        } else {
            task.begun = true;
            task.thread.start();
        }
        loopGoesOn.acquireUninterruptibly();
        current = null;
    }

    @Override
    public void park() {
        Task self = current;
        self.parked = true;
        loopGoesOn.release();
        self.goesOn.acquireUninterruptibly();
    }

    @Override
    public @Nullable Task current() {
        return current;
    }

    @Override
    public Thread loop(Runnable body) {
        // the loop is a virtual thread too, because passing the baton is then many times cheaper
        return Thread.ofVirtual().name("simulation").unstarted(body);
    }
}
