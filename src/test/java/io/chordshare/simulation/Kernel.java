package io.chordshare.simulation;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time. The loop takes the next event from the queue, sets the clock and runs the event. An event may resume
 * one task until that task waits again. Nothing else ever runs, so a run depends only on what was put into the queue.
 */
final class Kernel {

    /** Real time for one event. Only code that waits outside the runtime port takes so long. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    private final EventQueue events = new EventQueue();
    private final TaskRunner runner;
    private long nowNanos;
    private long handled;
    private volatile long progress;
    private volatile boolean looping;
    private boolean stopAsked;
    private volatile @Nullable Throwable failure;

    Kernel(TaskRunner runner) {
        this.runner = runner;
    }

    /** Virtual time since the start. */
    long nanos() {
        return nowNanos;
    }

    /** Number of handled events. */
    long handled() {
        return handled;
    }

    int pending() {
        return events.size();
    }

    void schedule(long delayNanos, Runnable action) {
        events.add(nowNanos + Math.max(0, delayNanos), action);
    }

    Task task(String name, Runnable work) {
        return runner.create(name, work, this::fail);
    }

    /** Whether an event runs and no task does. Only then may a task be resumed. */
    boolean mayResume() {
        return looping && runner.current() == null;
    }

    void resume(Task task) {
        runner.resume(task);
    }

    /** The running task waits until it is resumed. */
    void park() {
        runner.park();
    }

    /** @throws IllegalStateException outside a task, because only a task may wait */
    Task current() {
        Task task = runner.current();
        if (task == null) {
            throw new IllegalStateException("only a task may wait: use Simulation.ask");
        }
        return task;
    }

    /** The run has failed: nothing more happens. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Ends {@link #run} after the current event. */
    void stop() {
        stopAsked = true;
    }

    /**
     * Handles events until {@code condition} holds (checked every {@code everyNanos} of virtual time), or {@link #stop}
     * is called, or {@code limitNanos} have passed.
     *
     * @return whether the condition held, or {@link #stop} was called
     * @throws Throwable the failure of the run
     */
    boolean run(long limitNanos, long everyNanos, BooleanSupplier condition) throws Throwable {
        stopAsked = false;
        boolean[] held = new boolean[1];
        long deadline = nowNanos + limitNanos;
        Thread loop = runner.loop(() -> held[0] = loop(deadline, everyNanos, condition));
        loop.start();
        watch(loop);
        if (failure != null) {
            throw failure;
        }
        return held[0];
    }

    private boolean loop(long deadline, long everyNanos, BooleanSupplier condition) {
        looping = true;
        try {
            while (failure == null) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (nowNanos >= deadline) {
                    return false;
                }
                advance(Math.min(deadline, nowNanos + everyNanos));
                if (stopAsked) {
                    return true;
                }
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            looping = false;
        }
        return false;
    }

    private void advance(long until) {
        while (events.nextTime() <= until && failure == null) {
            nowNanos = events.nextTime();
            events.poll().run();
            handled++;
            progress = handled;
            if (stopAsked) {
                return;
            }
        }
        nowNanos = until;
    }

    private void watch(Thread loop) {
        long seen = -1;
        try {
            while (!loop.join(STUCK_AFTER)) {
                if (progress == seen) {
                    throw stuck(loop);
                }
                seen = progress;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the simulation was interrupted", e);
        }
    }

    private IllegalStateException stuck(Thread loop) {
        Task task = runner.current();
        IllegalStateException error = new IllegalStateException((task == null ? "an event" : "task " + task.name)
                + " takes longer than " + STUCK_AFTER + " of real time, here:");
        Thread thread = task == null || task.thread == null ? loop : task.thread;
        error.setStackTrace(thread.getStackTrace());
        fail(error);
        return error;
    }
}
