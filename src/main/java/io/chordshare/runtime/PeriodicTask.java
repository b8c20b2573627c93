package io.chordshare.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that runs repeatedly. A tick during a run is skipped. When a run fails, the failure is logged and remembered,
 * and the next tick runs the work again.
 */
public final class PeriodicTask {

    private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final String name;
    private final NodeRuntime runtime;
    private final Runnable work;
    private final Predicate<RuntimeException> known;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final AtomicLong bugs = new AtomicLong();
    private volatile boolean stopped;
    private volatile Progress progress = new Progress(0, 0, 0, null, null);

    /**
     * What the task has done, for people to read.
     *
     * @param runs      number of completed runs
     * @param skipped   ticks that came during a run
     * @param failures  how many of the runs failed
     * @param lastTook  duration of the last run; null before the first
     * @param lastError message of the last failure; null when there was none
     */
    public record Progress(long runs, long skipped, long failures, @Nullable Duration lastTook,
                           @Nullable String lastError) {}

    public PeriodicTask(String name, NodeRuntime runtime, Runnable work) {
        this(name, runtime, work, failure -> false);
    }

    /** @param known failures that are already logged elsewhere; this class only remembers them */
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

    /** How many runs failed in a way that nobody expects. */
    public long bugs() {
        return bugs.get();
    }

    /** Prevents further runs, and waits at most {@code atMost} for the current one. */
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

    /** As {@link #tick}, but a run that is under way is followed by another: it may have missed what there is to do. */
    public void tickSoon() {
        again.set(true);
        tick();
    }

    private void run() {
        again.set(false);
        Duration start = runtime.uptime();
        long failures = progress.failures();
        String error = progress.lastError();
        try {
            work.run();
        } catch (RuntimeException e) {
            if (known.test(e)) {
                log.debug("{} failed; the next tick runs it again", name, e);
            } else {
                log.error("{} failed; the next tick runs it again", name, e);
                bugs.incrementAndGet();
            }
            failures++;
            // people read it without the log, so the name of a class does not help
            error = String.valueOf(e.getMessage());
        } finally {
            progress = new Progress(progress.runs() + 1, progress.skipped(), failures, runtime.uptime().minus(start),
                    error);
            running.set(false);
            if (again.get()) {
                tick();
            }
        }
    }
}
