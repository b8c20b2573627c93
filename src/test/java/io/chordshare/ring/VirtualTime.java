package io.chordshare.ring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * A clock and a scheduler in which exactly one task runs at any time. Every task is a virtual thread, but it only goes on
 * when the loop hands it the baton, and hands it back when it waits. What happens next is the earliest event of a queue
 * ordered by (virtual time, sequence), so a run depends on nothing but its seed.
 */
final class VirtualTime {

    /** In real time, without any progress: only a task that blocks outside of the runtime port takes so long. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(20);

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Semaphore loopGoesOn = new Semaphore(0);
    private final List<Throwable> failures = new ArrayList<>();
    private long nowNanos;
    private long sequence;
    private volatile long progress;
    private volatile Task current;

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private static final class Task {
        private final Semaphore goesOn = new Semaphore(0);
        private final BooleanSupplier alive;
        private Thread thread;

        private Task(BooleanSupplier alive) {
            this.alive = alive;
        }
    }

    /** A place where one task waits until somebody wakes it, once. */
    final class Gate {
        private Task waiting;
        private boolean open;

        void open() {
            if (!open) {
                open = true;
                if (waiting != null) {
                    Task task = waiting;
                    after(Duration.ZERO, () -> resume(task));
                }
            }
        }

        void pass() {
            if (open) {
                return;
            }
            Task self = current;
            if (self == null) {
                throw new IllegalStateException("only a task may wait: use InMemoryRing.ask");
            }
            waiting = self;
            loopGoesOn.release();
            self.goesOn.acquireUninterruptibly();
        }
    }

    Duration now() {
        return Duration.ofNanos(nowNanos);
    }

    Gate gate() {
        return new Gate();
    }

    void after(Duration delay, Runnable action) {
        events.add(new Event(nowNanos + delay.toNanos(), sequence++, action));
    }

    /** A task of a machine that has crashed is never resumed: nothing of it runs, not even a finally. */
    void start(String name, BooleanSupplier alive, Runnable work) {
        Task task = new Task(alive);
        task.thread = Thread.ofVirtual().name(name).unstarted(() -> {
            task.goesOn.acquireUninterruptibly();
            try {
                work.run();
            } catch (Throwable e) {
                failures.add(e);
            }
            loopGoesOn.release();
        });
        after(Duration.ZERO, () -> {
            if (alive.getAsBoolean()) {
                task.thread.start();
                resume(task);
            }
        });
    }

    private void resume(Task task) {
        if (task.alive.getAsBoolean()) {
            current = task;
            task.goesOn.release();
            loopGoesOn.acquireUninterruptibly();
            current = null;
        }
    }

    /** Lets things happen until {@code condition} holds or {@code limit} has passed; says whether it held. */
    boolean runUntil(BooleanSupplier condition, Duration limit) {
        long deadline = nowNanos + limit.toNanos();
        boolean[] held = new boolean[1];
        // the loop is a virtual thread too: handing the baton over is then many times cheaper
        Thread loop = Thread.ofVirtual().name("virtual-time").start(() -> held[0] = loop(condition, deadline));
        long seen = -1;
        try {
            while (!loop.join(STUCK_AFTER)) {
                if (progress == seen) {
                    throw stuck();
                }
                seen = progress;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("a task failed", failures.getFirst());
        }
        return held[0];
    }

    private boolean loop(BooleanSupplier condition, long deadline) {
        try {
            while (failures.isEmpty()) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                Event next = events.peek();
                if (next == null || next.atNanos() > deadline) {
                    nowNanos = deadline;
                    return false;
                }
                events.poll();
                nowNanos = next.atNanos();
                next.action().run();
                progress++;
            }
        } catch (Throwable e) {
            failures.add(e);
        }
        return false;
    }

    private AssertionError stuck() {
        Task task = current;
        AssertionError error = new AssertionError("a task waits for something outside of the runtime port");
        if (task != null) {
            error.setStackTrace(task.thread.getStackTrace());
        }
        return error;
    }
}
