package io.chordshare.cli.transfer;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Closes the connection of an upload that does not move. Java limits reading from a connection but not writing: a node
 * that stopped reading, or a pulled cable, would block the command for as long as the system retries.
 */
final class StallGuard implements AutoCloseable {

    /** A node gives a client 20 s. The peers that an upload waits for get part of the rest. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpURLConnection connection;
    private final Duration limit;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long moves;
    private volatile boolean stalled;

    private StallGuard(HttpURLConnection connection, Duration limit) {
        this.connection = connection;
        this.limit = limit;
    }

    static StallGuard of(HttpURLConnection connection, Duration limit) {
        StallGuard guard = new StallGuard(connection, limit);
        Thread.ofPlatform().daemon().name("stall-guard").start(guard::watch);
        return guard;
    }

    /** Reports progress. Called by one thread. */
    void moved(long total) {
        moves = total;
    }

    /** Whether this guard closed the connection. */
    boolean stalled() {
        return stalled;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void watch() {
        try {
            long seen;
            do {
                seen = moves;
                if (closed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } while (seen != moves);
            stalled = true;
            connection.disconnect();
        } catch (InterruptedException e) {
            // no code interrupts this thread; after an interrupt there is nothing to watch
            Thread.currentThread().interrupt();
        }
    }
}
