package io.chordshare.ring.protocol;

import io.chordshare.runtime.NodeRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the state-changing steps of a node one at a time. A step that is already queued is not queued again, so ticks do
 * not pile up behind a slow peer. When a step fails, the failure is logged and the next step runs. Steps that messages
 * ask for wait in a queue of their own, and the two queues take turns: so this node keeps its place however many
 * messages a stranger sends.
 */
public final class StepQueue {

    /** Limit per queue. Normally one step per kind of tick waits, or one per sender of a message. */
    private static final int MAX_WAITING = 256;

    /** A join waits for other joiners at the same place. No other step takes longer. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(StepQueue.class);

    private final NodeRuntime runtime;
    private final Deque<Step> own = new ArrayDeque<>();
    private final Deque<Step> ofOthers = new ArrayDeque<>();
    private boolean ownIsNext = true;
    private boolean draining;
    private volatile Progress progress = new Progress(null, null, 0, 0, null);

    private record Step(String name, Runnable work) {}

    /**
     * The state of the queue, for people to read.
     *
     * @param running   the current step, or null
     * @param last      the last step that ended, or null
     * @param done      number of steps that ended
     * @param failed    how many of them failed
     * @param lastError message of the last failure, or null
     */
    public record Progress(@Nullable String running, @Nullable String last, long done, long failed,
                           @Nullable String lastError) {}

    public StepQueue(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    public Progress progress() {
        return progress;
    }

    /** Queues {@code work}. False when a step of that name is already queued, or the queue is full. */
    public boolean submit(String name, Runnable work) {
        return submit(own, name, work);
    }

    /** Queues {@code work} that a message asks for. False as with {@link #submit(String, Runnable)}. */
    public boolean submitForOthers(String name, Runnable work) {
        return submit(ofOthers, name, work);
    }

    private boolean submit(Deque<Step> waiting, String name, Runnable work) {
        synchronized (own) {
            if (waiting.size() >= MAX_WAITING || waiting.stream().anyMatch(step -> step.name().equals(name))) {
                return false;
            }
            waiting.addLast(new Step(name, work));
            if (draining) {
                return true;
            }
            draining = true;
        }
        runtime.start("ring-steps", this::drain);
        return true;
    }

    /** Queues {@code work} after {@code delay}. */
    public void submitAfter(Duration delay, String name, Runnable work) {
        runtime.start(name, () -> {
            runtime.sleep(delay);
            submit(name, work);
        });
    }

    /**
     * Runs {@code work} in the queue and waits until it ends.
     *
     * @throws IllegalStateException when the queue is full, or a step of that name is already queued
     */
    public void runAndWait(String name, Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean queued = submit(name, () -> {
            try {
                work.run();
            } finally {
                done.complete(null);
            }
        });
        if (!queued) {
            throw new IllegalStateException("the queue is full, or " + name + " is already queued");
        }
        runtime.await(done, LONGEST_STEP);
    }

    private void drain() {
        while (true) {
            Step step;
            synchronized (own) {
                boolean isOwn = ofOthers.isEmpty() || ownIsNext && !own.isEmpty();
                step = isOwn ? own.poll() : ofOthers.poll();
                ownIsNext = !isOwn;
                if (step == null) {
                    draining = false;
                    return;
                }
            }
            run(step);
        }
    }

    private void run(Step step) {
        Progress before = progress;
        progress = new Progress(step.name(), before.last(), before.done(), before.failed(), before.lastError());
        long failed = before.failed();
        String error = before.lastError();
        try {
            step.work().run();
        } catch (RuntimeException | Error e) {
            // a bug in one step must not stop the other steps: the ring would decay without a sign
            log.error("ring step {} failed", step.name(), e);
            failed++;
            error = step.name() + ": " + e;
        }
        progress = new Progress(null, step.name(), before.done() + 1, failed, error);
    }
}
