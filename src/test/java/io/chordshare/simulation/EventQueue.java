package io.chordshare.simulation;

import java.util.Arrays;

/**
 * Future events, ordered by (time, sequence). Of two events at one moment, the one scheduled first happens first, so
 * the order never depends on the heap. Uses parallel arrays instead of objects, because a ring of thousands has some
 * hundred thousand pending events.
 */
final class EventQueue {

    /** Children per heap node: flatter than a binary heap, and the children share a cache line. */
    private static final int ARITY = 4;

    private long[] times = new long[1024];
    private long[] sequences = new long[1024];
    private Runnable[] actions = new Runnable[1024];
    private int size;
    private long nextSequence;

    int size() {
        return size;
    }

    /** The time of the next event; {@link Long#MAX_VALUE} when there is none. */
    long nextTime() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    void add(long time, Runnable action) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            sequences = Arrays.copyOf(sequences, 2 * size);
            actions = Arrays.copyOf(actions, 2 * size);
        }
        long sequence = nextSequence++;
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / ARITY;
            // a new event has the highest sequence, so it comes after all others of its time
            if (times[parent] <= time) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, time, sequence, action);
    }

    /** Removes and returns the next event. */
    Runnable poll() {
        Runnable first = actions[0];
        int last = --size;
        long time = times[last];
        long sequence = sequences[last];
        Runnable action = actions[last];
        actions[last] = null;
        if (last > 0) {
            sinkFromTop(time, sequence, action);
        }
        return first;
    }

    private void sinkFromTop(long time, long sequence, Runnable action) {
        int at = 0;
        while (true) {
            int child = at * ARITY + 1;
            if (child >= size) {
                break;
            }
            int least = child;
            int end = Math.min(child + ARITY, size);
            for (int other = child + 1; other < end; other++) {
                if (isBefore(times[other], sequences[other], times[least], sequences[least])) {
                    least = other;
                }
            }
            if (!isBefore(times[least], sequences[least], time, sequence)) {
                break;
            }
            move(least, at);
            at = least;
        }
        put(at, time, sequence, action);
    }

    private static boolean isBefore(long time, long sequence, long otherTime, long otherSequence) {
        return time < otherTime || time == otherTime && sequence < otherSequence;
    }

    private void move(int from, int to) {
        put(to, times[from], sequences[from], actions[from]);
    }

    private void put(int at, long time, long sequence, Runnable action) {
        times[at] = time;
        sequences[at] = sequence;
        actions[at] = action;
    }
}
