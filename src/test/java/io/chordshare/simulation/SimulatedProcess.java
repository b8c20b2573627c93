package io.chordshare.simulation;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The common part of every process: a clock, randomness, tasks, and an end. Every event reaches it through
 * {@link #happen}. So a paused process runs nothing, and a dead one never runs again: its tasks are abandoned where
 * they wait, as after a power loss, without running their {@code finally} blocks.
 */
abstract class SimulatedProcess implements NodeRuntime {

    private final Kernel kernel;
    private final NodeClock clock;
    private final SplittableRandom random;
    /** For the scheduling of the machine, so that it does not shift the node's own draws. */
    private final Random scheduling;
    private final Deque<Runnable> heldBack = new ArrayDeque<>();
    private boolean up = true;
    private boolean paused;

    SimulatedProcess(Kernel kernel, NodeClock clock, SplittableRandom random) {
        this.kernel = kernel;
        this.clock = clock;
        this.random = random;
        this.scheduling = new Random(random.split().nextLong());
    }

    final Kernel kernel() {
        return kernel;
    }

    final NodeClock clock() {
        return clock;
    }

    final Random scheduling() {
        return scheduling;
    }

    /** Whether the process exists. True also while it is paused. */
    public final boolean isUp() {
        return up;
    }

    public final boolean isPaused() {
        return paused;
    }

    /** Runs an event at this process: now, or when it is resumed, or never. */
    final void happen(Runnable event) {
        if (paused && up) {
            heldBack.add(event);
        } else if (up) {
            event.run();
        }
    }

    /** Runs an event when this process's clock has advanced by {@code delay}. */
    final void later(Duration delay, Runnable event) {
        kernel.schedule(clock.trueNanos(delay), () -> happen(event));
    }

    /** As SIGSTOP: nothing runs, what arrives waits, and due timers fire after the resume. */
    void pause() {
        paused = true;
    }

    void goOn() {
        paused = false;
        List<Runnable> waited = new ArrayList<>(heldBack);
        heldBack.clear();
        waited.forEach(event -> kernel.schedule(0, () -> happen(event)));
    }

    void end() {
        up = false;
        heldBack.clear();
    }

    /** Logs that a timer of this process fired. */
    abstract void woke();

    final void letGoOn(Task task) {
        if (kernel.mayResume()) {
            happen(() -> kernel.resume(task));
        } else {
            kernel.schedule(0, () -> happen(() -> kernel.resume(task)));
        }
    }

    @Override
    public final void start(String name, Runnable work) {
        Task task = kernel.task(name, work);
        kernel.schedule(0, () -> happen(() -> kernel.resume(task)));
    }

    @Override
    public final Duration uptime() {
        return Duration.ofNanos(clock.uptimeNanos(kernel.nanos()));
    }

    @Override
    public final Instant wallClock() {
        return clock.wall(kernel.nanos());
    }

    @Override
    public final RandomGenerator random() {
        return random;
    }

    @Override
    public final void sleep(Duration duration) {
        Wait wait = new Wait(this);
        later(duration, () -> {
            woke();
            wait.end();
        });
        wait.await();
    }

    @Override
    public final boolean await(CompletableFuture<?> future, Duration atMost) {
        Wait wait = new Wait(this);
        future.whenComplete((result, error) -> wait.end());
        if (!wait.isOver()) {
            later(atMost, wait::end);
            wait.await();
        }
        return future.isDone();
    }

    @Override
    public final <T> List<Outcome<T>> gather(List<PeerCall<T>> calls, Predicate<List<Outcome<T>>> enough) {
        if (calls.size() <= 1) {
            // as in production, a single call needs no task of its own
            return calls.stream().map(Outcome::of).toList();
        }
        Wait wait = new Wait(this);
        List<Outcome<T>> outcomes = new ArrayList<>(calls.size());
        List<RuntimeException> bugs = new ArrayList<>(0);
        // real threads start in any order
        List<PeerCall<T>> inSomeOrder = new ArrayList<>(calls);
        Collections.shuffle(inSomeOrder, scheduling);
        for (PeerCall<T> call : inSomeOrder) {
            start("gather", () -> {
                Outcome<T> outcome;
                try {
                    outcome = Outcome.of(call);
                } catch (RuntimeException e) {
                    bugs.add(e);
                    wait.end();
                    return;
                }
                if (wait.isOver()) {
                    return;
                }
                outcomes.add(outcome);
                if (outcomes.size() == calls.size() || enough.test(outcomes)) {
                    wait.end();
                }
            });
        }
        wait.await();
        if (!bugs.isEmpty()) {
            throw bugs.getFirst();
        }
        return List.copyOf(outcomes);
    }
}
