package io.chordshare.cli.transfer;

import io.chordshare.cli.terminal.Terminal;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a transfer: a bar in one line of a terminal, redrawn as bytes move. Draws nothing when the
 * output is no terminal.
 */
public final class Progress implements AutoCloseable {

    /** The size of a pipe is unknown before its end. */
    public static final long UNKNOWN = -1;

    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final double NANOS_OF_SECOND = 1e9;
    private static final int PERCENT = 100;
    /** A shorter bar shows no more than the percentage. */
    private static final int LEAST_BAR = 8;
    private static final int MOST_BAR = 40;

    private final PrintStream screen;
    private final boolean draws;
    private final int columns;
    private final LongSupplier nanoTime;
    private long started;
    private long drawn;
    private long total = UNKNOWN;
    private long done;
    private long skipped;
    private int lineLength;

    public Progress(Terminal terminal) {
        this(terminal.err(), terminal.sees().err(), terminal.sees().err() ? terminal.columns() : 0, System::nanoTime);
    }

    public Progress(PrintStream screen, boolean draws, int columns, LongSupplier nanoTime) {
        this.screen = screen;
        this.draws = draws;
        this.columns = columns;
        this.nanoTime = nanoTime;
    }

    /**
     * A transfer begins.
     *
     * @param bytes       total size, or {@link #UNKNOWN}
     * @param alreadyDone bytes from before this start, which do not count for the rate
     */
    void begin(long bytes, long alreadyDone) {
        total = bytes;
        done = alreadyDone;
        skipped = alreadyDone;
        started = nanoTime.getAsLong();
        drawn = started;
    }

    /** {@code bytes} more have moved. */
    void advance(long bytes) {
        done += bytes;
        long now = nanoTime.getAsLong();
        if (draws && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            draw(line(now));
        }
    }

    /** Shows a text instead of bytes. */
    public void show(String text) {
        if (draws) {
            draw(text.length() < columns ? text : text.substring(0, columns - 1));
        }
    }

    /** Removes the bar, so that the next output starts at the beginning of a line. */
    @Override
    public void close() {
        if (lineLength > 0) {
            draw("");
            lineLength = 0;
        }
    }

    private void draw(String line) {
        screen.print("\r" + line + " ".repeat(Math.max(0, lineLength - line.length())) + "\r");
        screen.flush();
        lineLength = line.length();
    }

    /** One column stays free, because a terminal may wrap a line that fills it. */
    private String line(long now) {
        double seconds = Math.max((now - started) / NANOS_OF_SECOND, 1e-3);
        double rate = (done - skipped) / seconds;
        String rates = Amount.bytes((long) rate) + "/s";
        if (total <= 0) {
            return fitting(Amount.bytes(done) + "  " + rates);
        }
        String percent = String.format("%3d%%", Math.min(PERCENT, done * PERCENT / total));
        String left = rate < 1 ? "" : "  " + Amount.seconds((long) Math.ceil((total - done) / rate));
        String longest = "  " + Amount.bytes(done) + " of " + Amount.bytes(total) + "  " + rates + left;
        String numbers = percent.length() + longest.length() + LEAST_BAR + 4 <= columns ? longest : "  " + rates + left;
        int room = Math.min(MOST_BAR, columns - 1 - percent.length() - numbers.length() - 3);
        if (room < LEAST_BAR) {
            return fitting(percent + numbers);
        }
        int full = (int) Math.min(room, done * room / total);
        return percent + " [" + "#".repeat(full) + "-".repeat(room - full) + "]" + numbers;
    }

    private String fitting(String line) {
        return line.length() < columns ? line : line.substring(0, columns - 1);
    }
}
