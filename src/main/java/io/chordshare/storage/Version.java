package io.chordshare.storage;

import java.util.Comparator;

/**
 * Which writing of a name a record is. The higher counter is the newer; of two writers that took the same counter the
 * higher one wins, so that all nodes agree without a clock.
 *
 * @param counter 1 for the first writing of a name, then one more each time
 * @param writer  unique for each writing: the id of the node that wrote it, and a random number
 */
public record Version(long counter, String writer) implements Comparable<Version> {

    /** Below every version that was ever written: "there is nothing". */
    public static final Version NONE = new Version(0, "");

    private static final Comparator<Version> ORDER =
            Comparator.comparingLong(Version::counter).thenComparing(Version::writer);

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
