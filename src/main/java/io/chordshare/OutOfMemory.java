package io.chordshare;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends the process when it runs out of memory, as {@code -XX:+ExitOnOutOfMemoryError} does. A plain {@code java -jar}
 * does not set that flag, and neither a jar nor a running program can. A node without memory is of more use dead, where
 * its neighbours notice and a restart heals it, than half alive.
 * <p>
 * Two places see nearly every such error: the end of a thread, and the log, where the code that catches one reports it.
 * The flag is surer: set it in every script that starts a JVM.
 */
public final class OutOfMemory {

    /** What the flag of the JVM exits with, too. */
    static final int EXIT_CODE = 3;

    private static final FileOutputStream ERROR_OUTPUT = new FileOutputStream(FileDescriptor.err);
    private static final byte[] REASON = "Out of memory: this process ends. Start it again, with a larger -Xmx.\n"
            .getBytes(StandardCharsets.US_ASCII);

    /** Limit for walking along causes, which may be a circle. */
    private static final int MAX_CAUSES = 50;

    private OutOfMemory() {}

    /** Watches the end of every thread from now on. */
    public static void endsTheProcess() {
        UncaughtExceptionHandler next = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            haltFor(thrown);
            if (next != null) {
                next.uncaughtException(thread, thrown);
            } else {
                // not to the console as it is: what it says may be a stranger's words
                LoggerFactory.getLogger(OutOfMemory.class).error("thread {} ended with an error", thread.getName(),
                        thrown);
            }
        });
    }

    /** Watches the log, too. Call it once the log has its settings, which remove whatever watched it before. */
    public static void watchesTheLog() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log
                && log.getTurboFilterList().stream().noneMatch(LogWatch.class::isInstance)) {
            log.addTurboFilter(new LogWatch());
        }
    }

    private static void haltFor(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof OutOfMemoryError) {
                sayWhy();
                // halt, not exit: nothing that runs at an exit can be counted on without memory
                Runtime.getRuntime().halt(EXIT_CODE);
            }
            cause = cause.getCause();
        }
    }

    /** With what was made while there was memory. */
    private static void sayWhy() {
        try {
            ERROR_OUTPUT.write(REASON);
        } catch (IOException e) {
            // nobody listens, and the process ends anyway
        }
    }

    /** Sees each message before it is written. */
    private static final class LogWatch extends TurboFilter {

        @Override
        public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
                                  Object @Nullable [] arguments, @Nullable Throwable thrown) {
            haltFor(thrown);
            if (arguments != null && arguments.length > 0
                    && arguments[arguments.length - 1] instanceof Throwable last) {
                haltFor(last);
            }
            return FilterReply.NEUTRAL;
        }
    }
}
