package io.chordshare.storage.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * The version of a record. The higher counter is newer. If two writers took the same counter, the higher writer wins,
 * so all nodes agree without a clock.
 *
 * @param counter 1 for the first write of a name, then one more each time
 * @param writer unique for each write: the id of the node that wrote it, and a random number
 */
public record Version(long counter, String writer) implements Comparable<Version> {

    /** Every JSON parser reads this number exactly. As microseconds of a clock it lasts until 2255. */
    public static final long MAX_COUNTER = (1L << 53) - 1;

    /** A clock is never further ahead of the others than this. */
    private static final long FURTHEST_AHEAD_MICROS = 24L * 60 * 60 * 1_000_000;
    /** A node never misses more writes of one name than this. */
    private static final long MOST_MISSED = 1_000_000;
    /** No correct clock shows less; a machine without a battery may start at 1970. 2026-01-01. */
    private static final long EARLIEST_MICROS = 1_767_225_600_000_000L;
    private static final Pattern WRITER = Pattern.compile("[!-~]{0,128}");

    /** Older than every real version: "there is no record". */
    public static final Version NONE = new Version(0, "");

    private static final Comparator<Version> ORDER =
            Comparator.comparingLong(Version::counter).thenComparing(Version::writer);

    /** @throws IllegalArgumentException unless a file can have this version, or it is {@link #NONE} */
    public Version {
        FileRules.require(counter >= 0 && counter <= MAX_COUNTER, "a counter is 0 to " + MAX_COUNTER);
        FileRules.require(WRITER.matcher(writer).matches(),
                "the name of a writer has at most 128 visible ASCII characters");
    }

    boolean isOfAFile() {
        return counter >= 1 && counter < MAX_COUNTER && !writer.isEmpty();
    }

    /**
     * Whether honest writers can have produced this version: it follows {@code here} closely, or a clock can have shown
     * its counter. Any other version is forged, and would leave few counters or none for the next writer.
     *
     * @param here this node's version of the same name
     */
    public boolean isExplainedBy(Version here, Instant now) {
        long micros = Math.max(EARLIEST_MICROS, now.getEpochSecond() * 1_000_000);
        return counter <= Math.max(here.counter + MOST_MISSED, micros + FURTHEST_AHEAD_MICROS);
    }

    /** The version that the writer {@code by} proposes after this one. */
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
