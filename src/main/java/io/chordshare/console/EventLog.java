package io.chordshare.console;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The latest events of this node, numbered from 1. Readers keep the number of the last event they had and ask for what
 * came after it, so that a slow reader costs nothing: it misses events, and is told so. Thread-safe.
 */
public final class EventLog {

    /** Hours of a quiet ring, a minute of a restless one; some 300 KiB. */
    static final int CAPACITY = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;
    private boolean closed;

    /** @param number counts up by one */
    record Entry(long number, NodeEvent event) {}

    /**
     * What came after a number.
     *
     * @param missed whether some of it is not here any more
     */
    record Batch(List<Entry> entries, boolean missed, boolean closed) {}

    void append(NodeEvent event) {
        lock.lock();
        try {
            last++;
            entries.addLast(new Entry(last, event));
            if (entries.size() > CAPACITY) {
                entries.removeFirst();
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The number of the latest event; 0 when there was none. */
    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@code number} can be one of this log's: not yet to come. */
    boolean knows(long number) {
        return number >= 0 && number <= last();
    }

    /** Everything after {@code number}; waits up to {@code patience} for it, and then is empty. */
    Batch after(long number, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (last <= number && !closed && nanos > 0) {
                nanos = more.awaitNanos(nanos);
            }
            long first = entries.isEmpty() ? last + 1 : entries.getFirst().number();
            boolean missed = number + 1 < first;
            List<Entry> batch = new ArrayList<>();
            for (Entry entry : entries) {
                if (entry.number() > number) {
                    batch.add(entry);
                }
            }
            return new Batch(batch, missed, closed);
        } finally {
            lock.unlock();
        }
    }

    /** Readers get what is there, and that there will be no more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
