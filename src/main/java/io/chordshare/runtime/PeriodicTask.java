package io.chordshare.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of work that is done again and again. A tick while it is still running is skipped; a run that fails is
 * logged, remembered and followed by the next.
 */
public final class PeriodicTask {

    private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final String name;
    private final NodeRuntime runtime;
    private final Runnable work;
    private final Predicate<RuntimeException> known;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean stopped;
    private volatile Progress progress = new Progress(0, 0, 0, null, null);

    /**
     * What it has been doing, for people to look at.
     *
     * @param runs      how often it ran to an end
     * @param skipped   ticks that found it still running
     * @param failures  how many of the runs failed
     * @param lastTook  how long the last run took; null before the first
     * @param lastError what the last failure said; null when there was none
     */
    public record Progress(long runs, long skipped, long failures, @Nullable Duration lastTook,
                           @Nullable String lastError) {}

    public PeriodicTask(String name, NodeRuntime runtime, Runnable work) {
        this(name, runtime, work, failure -> false);
    }

    /** @param known failures that somebody else has logged; they are remembered here */
    public PeriodicTask(String name, NodeRuntime runtime, Runnable work, Predicate<RuntimeException> known) {
        this.name = name;
        this.runtime = runtime;
        this.work = work;
        this.known = known;
    }

    public String name() {
        return name;
    }

    public Progress progress() {
        return progress;
    }

    /** Stops further runs, and waits for the current one, at most {@code atMost}. */
    public void stop(Duration atMost) {
        stopped = true;
        Duration deadline = runtime.uptime().plus(atMost);
        while (running.get() && runtime.uptime().compareTo(deadline) < 0) {
            runtime.sleep(LOOK_EVERY);
        }
    }

    /** Starts a run, unless one is under way. */
    public void tick() {
        if (stopped) {
            return;
        }
        if (running.compareAndSet(false, true)) {
            runtime.start(name, this::run);
        } else {
            Progress before = progress;
            progress = new Progress(before.runs(), before.skipped() + 1, before.failures(), before.lastTook(),
                    before.lastError());
        }
    }

    private void run() {
        Duration start = runtime.uptime();
        long failures = progress.failures();
        String error = progress.lastError();
        try {
            work.run();
        } catch (RuntimeException e) {
            if (known.test(e)) {
                log.debug("{} failed; it runs again at its next tick", name, e);
            } else {
                log.error("{} failed; it runs again at its next tick", name, e);
            }
            failures++;
            // people read it far from the log: no name of a class
            error = String.valueOf(e.getMessage());
        } finally {
            progress = new Progress(progress.runs() + 1, progress.skipped(), failures, runtime.uptime().minus(start),
                    error);
            running.set(false);
        }
    }
}
