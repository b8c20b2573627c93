package io.chordshare.id;

import java.math.BigInteger;

/**
 * A clockwise piece of the ring, open at {@code from} and closed at {@code to}: what a node owns. When both ends are
 * the same it is the whole ring. The only place where positions are compared around the ring.
 *
 * @param from not included, unless it is also {@code to}
 * @param to   included
 */
public record RingInterval(ChordId from, ChordId to) {

    private static final BigInteger RING = BigInteger.ONE.shiftLeft(ChordId.BITS);

    /**
     * Zave's {@code between} (TSE 2017, section 3): walking clockwise from {@code a} one meets {@code x} strictly
     * before {@code b}. For {@code a = b} it is the whole ring but {@code a}.
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

    /** How many positions it has: 1 to 2^160. */
    public BigInteger size() {
        return from.equals(to) ? RING : from.distanceTo(to);
    }

    /** Its part of the whole ring: more than 0, at most 1. */
    public double share() {
        return size().doubleValue() / RING.doubleValue();
    }
}
