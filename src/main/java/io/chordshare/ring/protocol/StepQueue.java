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
 * State-changing work of a node, one piece at a time. A piece that already waits is not queued again, so a slow peer
 * makes ticks coincide instead of pile up; a piece that fails is logged and the next one runs. What others ask for
 * waits apart from the node's own work, and the two take turns: however many notices a stranger sends, the node keeps
 * its place.
 */
public final class StepQueue {

    /** More pieces of one side than this never wait: one per kind of tick, or one per sender of a notice. */
    private static final int MAX_WAITING = 256;

    /** A join waits for other joiners at the same place; nothing that runs in the queue takes longer. */
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
     * What the queue is doing, for people to look at.
     *
     * @param running   the piece under way, or null
     * @param last      the last one that ended, or null
     * @param done      how many ended
     * @param failed    how many of them failed
     * @param lastError what the last failure said, or null
     */
    public record Progress(@Nullable String running, @Nullable String last, long done, long failed,
                           @Nullable String lastError) {}

    public StepQueue(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    public Progress progress() {
        return progress;
    }

    /** Queues {@code work}. False when a piece of that name already waits, or too many do. */
    public boolean submit(String name, Runnable work) {
        return submit(own, name, work);
    }

    /**
     * Queues {@code work} that a message of somebody else asks for. False as with {@link #submit(String, Runnable)}.
     */
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

    /** Queues {@code work} once {@code delay} has passed. */
    public void submitAfter(Duration delay, String name, Runnable work) {
        runtime.start(name, () -> {
            runtime.sleep(delay);
            submit(name, work);
        });
    }

    /**
     * Runs {@code work} in the queue and waits until it is done.
     *
     * @throws IllegalStateException when too much waits already, or a piece of that name does
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
            throw new IllegalStateException("too much waits to be done, or " + name + " does already");
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
            // a bug in one step must not stop the others for good: that is how rings rot silently
            log.error("ring step {} failed", step.name(), e);
            failed++;
            error = step.name() + ": " + e;
        }
        progress = new Progress(null, step.name(), before.done() + 1, failed, error);
    }
}
