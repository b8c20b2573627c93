package io.chordshare.connections;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long one direction of a connection may wait for its client. Waiting uses up the allowance, and bytes restore it
 * at the least rate, up to its initial value. Not thread-safe.
 */
final class Patience {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long bytesPerSecond;
    private long mostNanos;
    private long leftNanos;
    private boolean waiting;
    private long waitingSince;

    /** @param bytesPerSecond the least rate */
    Patience(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    void grant(Duration most) {
        mostNanos = most.toNanos();
        leftNanos = mostNanos;
        waiting = false;
    }

    /** The node stops waiting for the client and does other work. */
    void pause() {
        waiting = false;
    }

    boolean isWaiting() {
        return waiting;
    }

    /** The start of the wait, as {@link System#nanoTime}. Valid only while the node waits. */
    long waitingSince() {
        return waitingSince;
    }

    /**
     * Counts an attempt to move bytes.
     *
     * @param bytes 0 when the client was not ready: from now on this node waits for it
     * @throws SocketTimeoutException when the allowance is used up
     */
    void moved(long bytes, long now) throws SocketTimeoutException {
        if (bytes <= 0) {
            if (!waiting) {
                waiting = true;
                waitingSince = now;
            }
            return;
        }
        long waited = waiting ? now - waitingSince : 0;
        long earned = (long) ((double) bytes / bytesPerSecond * NANOS_PER_SECOND);
        leftNanos = Math.min(mostNanos, leftNanos - waited + earned);
        waiting = false;
        if (leftNanos < 0) {
            throw new SocketTimeoutException("slower than " + bytesPerSecond + " bytes per second");
        }
    }
}
