package io.chordshare.storage.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * Which writing of a name a record is. The higher counter is the newer; of two writers that took the same counter the
 * higher one wins, so that all nodes agree without a clock.
 *
 * @param counter 1 for the first writing of a name, then one more each time
 * @param writer  unique for each writing: the id of the node that wrote it, and a random number
 */
public record Version(long counter, String writer) implements Comparable<Version> {

    /** Every program that reads JSON reads it exactly; as microseconds of a clock it lasts until 2255. */
    public static final long MAX_COUNTER = (1L << 53) - 1;

    /** A clock that is ahead is not ahead of all others by more. */
    private static final long FURTHEST_AHEAD_MICROS = 24L * 60 * 60 * 1_000_000;
    /** A node never missed more writings of one name. */
    private static final long MOST_MISSED = 1_000_000;
    /** No clock that is right shows less: a machine without a battery may begin at 1970. 2026-01-01. */
    private static final long EARLIEST_MICROS = 1_767_225_600_000_000L;
    private static final Pattern WRITER = Pattern.compile("[!-~]{0,128}");

    /** Below every version that was ever written: "there is nothing". */
    public static final Version NONE = new Version(0, "");

    private static final Comparator<Version> ORDER =
            Comparator.comparingLong(Version::counter).thenComparing(Version::writer);

    /** @throws IllegalArgumentException unless a file can have it, or it is {@link #NONE} */
    public Version {
        FileRules.require(counter >= 0 && counter <= MAX_COUNTER, "a counter is 0 to " + MAX_COUNTER);
        FileRules.require(WRITER.matcher(writer).matches(),
                "a writer is named by at most 128 visible ASCII characters");
    }

    boolean isOfAFile() {
        return counter >= 1 && counter < MAX_COUNTER && !writer.isEmpty();
    }

    /**
     * Whether somebody can have come to this version by writing: it follows {@code here} closely, or its counter is one
     * that a clock has shown. Any other is made up, and would leave the next writer few counters, or none.
     *
     * @param here what this node has of the same name
     */
    public boolean isExplainedBy(Version here, Instant now) {
        long micros = Math.max(EARLIEST_MICROS, now.getEpochSecond() * 1_000_000);
        return counter <= Math.max(here.counter + MOST_MISSED, micros + FURTHEST_AHEAD_MICROS);
    }

    /** The version that {@code by} proposes after this one. */
    public Version next(String by) {
        return new Version(counter + 1, by);
    }

    public boolean isNewerThan(Version other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }
}
