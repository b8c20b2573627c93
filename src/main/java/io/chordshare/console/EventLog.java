package io.chordshare.console;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The latest events of this node, numbered from 1. A reader keeps the number of its last event and asks for later ones.
 * So a slow reader costs nothing: it misses events, and the log tells it so. Thread-safe.
 */
public final class EventLog {

    /** Hours of events in a quiet ring, a minute in a busy one; about 300 KiB. */
    static final int CAPACITY = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;
    private boolean closed;

    /** @param number grows by one with each event */
    record Entry(long number, NodeEvent event) {}

    /**
     * The events after a number.
     *
     * @param missed whether some of them are no longer in the log
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

    /** Whether this log has already used {@code number}. */
    boolean knows(long number) {
        return number >= 0 && number <= last();
    }

    /** All events after {@code number}. Waits up to {@code patience} for the first one; may return none. */
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

    /** Ends the log: readers get the remaining events and the information that no more will come. */
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
