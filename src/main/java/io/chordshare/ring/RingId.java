package io.chordshare.ring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A position on the ring: an unsigned number of 160 bits, written as 40 lower-case hex digits. Nodes and keys share the
 * one space (Stoica et al., ToN 2003, section IV-B). Its natural order is that of the numbers; only
 * {@link RingInterval} compares positions around the ring.
 */
public final class RingId implements Comparable<RingId> {

    /** Bits of an id; a finger table has as many slots. */
    public static final int BITS = 160;

    private static final int BYTES = BITS / 8;
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(BITS);

    private final byte[] bytes;

    private RingId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The key of a file: the first 160 bits of the SHA-256 of its name in UTF-8. */
    public static RingId ofName(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return new RingId(Arrays.copyOf(hash, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** @throws IllegalArgumentException unless {@code hex} is 40 hex digits */
    @JsonCreator
    public static RingId parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a key has 40 hex digits");
        }
        return new RingId(HexFormat.of().parseHex(hex));
    }

    /** A uniformly random position. */
    public static RingId random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new RingId(bytes);
    }

    /** The position {@code value} modulo 2^160. */
    public static RingId of(BigInteger value) {
        byte[] magnitude = value.mod(MODULUS).toByteArray();
        byte[] bytes = new byte[BYTES];
        int length = Math.min(magnitude.length, BYTES);
        System.arraycopy(magnitude, magnitude.length - length, bytes, BYTES - length, length);
        return new RingId(bytes);
    }

    /** The position 2^exponent further clockwise: the start of a finger (ToN 2003, table I). */
    public RingId plusPowerOfTwo(int exponent) {
        return of(toBigInteger().add(BigInteger.ONE.shiftLeft(exponent)));
    }

    /** The position {@code distance} further clockwise. */
    public RingId plus(BigInteger distance) {
        return of(toBigInteger().add(distance));
    }

    /** How far one walks clockwise from here to {@code to}: 0 to 2^160 - 1. */
    public BigInteger distanceTo(RingId to) {
        return to.toBigInteger().subtract(toBigInteger()).mod(MODULUS);
    }

    /** The unsigned number. */
    public BigInteger toBigInteger() {
        return new BigInteger(1, bytes);
    }

    @Override
    public int compareTo(RingId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RingId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    @JsonValue
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
