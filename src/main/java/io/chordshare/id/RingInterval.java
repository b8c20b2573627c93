package io.chordshare.id;

import java.math.BigInteger;

/**
 * A clockwise interval of the ring, open at {@code from} and closed at {@code to}: the range that a node owns. When
 * both ends are equal, the interval is the whole ring. Only this class compares positions around the ring.
 *
 * @param from excluded, unless it equals {@code to}
 * @param to   included
 */
public record RingInterval(ChordId from, ChordId to) {

    private static final BigInteger RING = BigInteger.ONE.shiftLeft(ChordId.BITS);

    /**
     * Zave's {@code between} (TSE 2017, section 3): {@code x} comes strictly before {@code b} on the clockwise way from
     * {@code a}. When {@code a = b}, this holds for every position except {@code a}.
     */
    public static boolean between(ChordId a, ChordId x, ChordId b) {
        int ends = a.compareTo(b);
        if (ends < 0) {
            return a.compareTo(x) < 0 && x.compareTo(b) < 0;
        }
        if (ends > 0) {
            return a.compareTo(x) < 0 || x.compareTo(b) < 0;
        }
        return !a.equals(x);
    }

    public boolean contains(ChordId x) {
        return x.equals(to) || between(from, x, to);
    }

    /** The number of positions: 1 to 2^160. */
    public BigInteger size() {
        return from.equals(to) ? RING : from.distanceTo(to);
    }

    /** The fraction of the whole ring: more than 0, at most 1. */
    public double share() {
        return size().doubleValue() / RING.doubleValue();
    }
}
