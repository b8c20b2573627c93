package io.chordshare.storage.blocks;

import java.util.function.LongConsumer;

/** A set of longs with open addressing: at most 16 bytes per element, where a HashSet takes about 100. */
final class LongSet {

    private static final int FIRST_SLOTS = 16;

    private long[] slots = new long[FIRST_SLOTS];
    private boolean hasZero;
    private int size;

    boolean contains(long value) {
        return value == 0 ? hasZero : slots[slotOf(value)] == value;
    }

    /** Adds the value. Returns false when it was there already. */
    boolean add(long value) {
        if (contains(value)) {
            return false;
        }
        if (value == 0) {
            hasZero = true;
            return true;
        }
        slots[slotOf(value)] = value;
        size++;
        if (size * 2 > slots.length) {
            grow();
        }
        return true;
    }

    int size() {
        return hasZero ? size + 1 : size;
    }

    void forEach(LongConsumer each) {
        if (hasZero) {
            each.accept(0);
        }
        for (long value : slots) {
            if (value != 0) {
                each.accept(value);
            }
        }
    }

    /**
     * The slot that holds the value, or the free slot where it belongs. The values are hashes, so their low bits are
     * evenly distributed.
     */
    private int slotOf(long value) {
        int mask = slots.length - 1;
        int slot = (int) value & mask;
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long value : old) {
            if (value != 0) {
                slots[slotOf(value)] = value;
            }
        }
    }
}
