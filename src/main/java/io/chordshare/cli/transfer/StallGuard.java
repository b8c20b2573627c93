package io.chordshare.cli.transfer;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Cuts an upload that no longer moves. Java has a limit for reading from a connection, none for writing: a node that
 * stopped reading, or a cable that was pulled, would hold the command for as long as the system tries.
 */
public final class StallGuard implements AutoCloseable {

    /** A node gives a client 20 s; its peers, which an upload waits for, get their share of the rest. */
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

    /** Some bytes went. Called by one thread. */
    void moved(long total) {
        moves = total;
    }

    /** Whether this guard cut the connection. */
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
            // nobody does; then there is nothing to watch any more
            Thread.currentThread().interrupt();
        }
    }
}
