package io.chordshare.simulation;

import java.util.Arrays;

/** Numbers 64-bit keys in order of arrival. Holds millions of them, with one long each. */
final class LongTable {

    private long[] keys = new long[1 << 10];
    private int[] slots = new int[1 << 11];
    private int size;

    int size() {
        return size;
    }

    long key(int number) {
        return keys[number];
    }

    /** @return the number of {@code key}; equal to the earlier {@link #size} when the key is new */
    int add(long key) {
        int slot = slot(key);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == keys.length) {
            grow();
            slot = slot(key);
        }
        keys[size++] = key;
        slots[slot] = size;
        return size - 1;
    }

    private int slot(long key) {
        int mask = slots.length - 1;
        int slot = (int) Fingerprint.mix(key, 0) & mask;
        while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        keys = Arrays.copyOf(keys, 2 * keys.length);
        slots = new int[2 * keys.length];
        for (int number = 0; number < size; number++) {
            slots[slot(keys[number])] = number + 1;
        }
    }
}
