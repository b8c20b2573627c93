package io.chordshare.id;

import java.math.BigInteger;

/**
 * The ring of 2^160 positions, cut into equal slots (DeCandia et al., "Dynamo", SOSP 2007, section 6.2, strategy 3). A
 * slot never splits, whatever nodes come and go. The count is fixed when a ring is born.
 *
 * @param count how many slots there are: a power of two
 */
public record Slots(int count) {

    /** What a new ring has. Shares stay even while there are at most a quarter as many nodes. */
    public static final int DEFAULT_COUNT = 4096;
    /** Each slot costs every member a row on disk, and every node an entry of its cache. */
    public static final int MAX_COUNT = 65_536;

    private static final char NUMBER = '_';

    /** @throws IllegalArgumentException unless it is a power of two from 1 to {@link #MAX_COUNT} */
    public Slots {
        if (count < 1 || count > MAX_COUNT || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("a ring has 1 to " + MAX_COUNT + " slots, a power of two, not "
                    + count);
        }
    }

    /**
     * How many slots a ring has: the number is a part of its id, after {@code _}, unless it is the usual one. So every
     * node that knows the ring knows its slots.
     */
    public static Slots ofRing(String ringId) {
        int at = ringId.lastIndexOf(NUMBER);
        try {
            return new Slots(at < 0 ? DEFAULT_COUNT : Integer.parseInt(ringId.substring(at + 1)));
        } catch (IllegalArgumentException e) {
            // an id of another kind, which says nothing about slots
            return new Slots(DEFAULT_COUNT);
        }
    }

    /** The id of a ring with so many slots. */
    public String ringId(ChordId random) {
        return count == DEFAULT_COUNT ? random.toString() : random.toString() + NUMBER + count;
    }

    /** The slot that a key is in: 0 to {@code count - 1}. */
    public int of(ChordId key) {
        return key.highestBits(bits());
    }

    /** The slot that a file's name is in. */
    public int ofName(String name) {
        return of(ChordId.ofName(name));
    }

    /** The first position of a slot. The ring's owner of it is the slot's owner. */
    public ChordId start(int slot) {
        return ChordId.of(BigInteger.valueOf(slot).shiftLeft(ChordId.BITS - bits()));
    }

    /** The last position of a slot. */
    public ChordId end(int slot) {
        return ChordId.of(BigInteger.valueOf(slot + 1L).shiftLeft(ChordId.BITS - bits()).subtract(BigInteger.ONE));
    }

    /** @throws IllegalArgumentException unless there is such a slot */
    public void check(int slot) {
        if (slot < 0 || slot >= count) {
            throw new IllegalArgumentException("a slot is 0 to " + (count - 1) + ", not " + slot);
        }
    }

    private int bits() {
        return Integer.numberOfTrailingZeros(count);
    }
}
