package io.chordshare.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A position on the ring: an unsigned 160-bit number, written as 40 lower-case hex digits. Nodes and keys share one id
 * space (Stoica et al., ToN 2003, section IV-B). The natural order is numeric. {@link RingInterval} compares positions
 * around the ring.
 */
public final class ChordId implements Comparable<ChordId> {

    /** Bits of an id. A finger table has one slot per bit. */
    public static final int BITS = 160;

    private static final int BYTES = BITS / 8;
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(BITS);

    // the number in three unsigned parts, because every hop of every lookup compares and subtracts ids
    private final long high;
    private final long middle;
    private final int low;

    private ChordId(long high, long middle, int low) {
        this.high = high;
        this.middle = middle;
        this.low = low;
    }

    private static ChordId ofBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ChordId(buffer.getLong(), buffer.getLong(), buffer.getInt());
    }

    private byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(middle).putInt(low).array();
    }

    /** The key of a file: the first 160 bits of the SHA-256 of its name in UTF-8. */
    public static ChordId ofName(String name) {
        try {
            return ofBytes(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** @throws IllegalArgumentException unless {@code hex} is 40 hex digits */
    @JsonCreator
    public static ChordId parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a key has 40 hex digits");
        }
        return ofBytes(HexFormat.of().parseHex(hex));
    }

    /** A uniformly random position. */
    public static ChordId random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return ofBytes(bytes);
    }

    /** The position {@code value} modulo 2^160. */
    public static ChordId of(BigInteger value) {
        byte[] magnitude = value.mod(MODULUS).toByteArray();
        byte[] bytes = new byte[BYTES];
        int length = Math.min(magnitude.length, BYTES);
        System.arraycopy(magnitude, magnitude.length - length, bytes, BYTES - length, length);
        return ofBytes(bytes);
    }

    /** The position 2^exponent further clockwise: the start of a finger (ToN 2003, table I). */
    public ChordId plusPowerOfTwo(int exponent) {
        if (exponent < 0 || exponent >= BITS) {
            throw new IllegalArgumentException("a finger's exponent is 0 to 159, not " + exponent);
        }
        if (exponent < Integer.SIZE) {
            return plus(0, 0, 1 << exponent);
        }
        int above = exponent - Integer.SIZE;
        return above < Long.SIZE ? plus(0, 1L << above, 0) : plus(1L << above - Long.SIZE, 0, 0);
    }

    private ChordId plus(long otherHigh, long otherMiddle, int otherLow) {
        int nextLow = low + otherLow;
        long carry = Integer.compareUnsigned(nextLow, low) < 0 ? 1 : 0;
        long sum = middle + otherMiddle;
        long carryOfSum = Long.compareUnsigned(sum, middle) < 0 ? 1 : 0;
        long nextMiddle = sum + carry;
        long carryOfCarry = Long.compareUnsigned(nextMiddle, sum) < 0 ? 1 : 0;
        return new ChordId(high + otherHigh + carryOfSum + carryOfCarry, nextMiddle, nextLow);
    }

    /** The position {@code distance} further clockwise. */
    public ChordId plus(BigInteger distance) {
        return of(toBigInteger().add(distance));
    }

    /** The clockwise distance from here to {@code to}, as an id, so that distances can be compared cheaply. */
    public ChordId offsetOf(ChordId to) {
        int nextLow = to.low - low;
        long borrow = Integer.compareUnsigned(to.low, low) < 0 ? 1 : 0;
        long difference = to.middle - middle;
        long borrowOfDifference = Long.compareUnsigned(to.middle, middle) < 0 ? 1 : 0;
        long nextMiddle = difference - borrow;
        long borrowOfBorrow = Long.compareUnsigned(difference, borrow) < 0 ? 1 : 0;
        return new ChordId(to.high - high - borrowOfDifference - borrowOfBorrow, nextMiddle, nextLow);
    }

    /** The clockwise distance from here to {@code to}: 0 to 2^160 - 1. */
    BigInteger distanceTo(ChordId to) {
        return offsetOf(to).toBigInteger();
    }

    /** Its {@code count} highest bits, as a number. */
    int highestBits(int count) {
        return count == 0 ? 0 : (int) (high >>> Long.SIZE - count);
    }

    /** The unsigned number. */
    public BigInteger toBigInteger() {
        return new BigInteger(1, toBytes());
    }

    @Override
    public int compareTo(ChordId other) {
        if (high != other.high) {
            return Long.compareUnsigned(high, other.high);
        }
        return middle != other.middle ? Long.compareUnsigned(middle, other.middle)
                : Integer.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChordId that && high == that.high && middle == that.middle && low == that.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high) * 31 + Long.hashCode(middle) * 17 + low;
    }

    @Override
    @JsonValue
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
