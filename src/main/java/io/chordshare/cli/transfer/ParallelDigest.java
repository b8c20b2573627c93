package io.chordshare.cli.transfer;

import java.security.MessageDigest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Computes a SHA-256 in parallel with the transfer. Hashing takes about as long as sending over a fast network, so
 * doing both in turn would halve the rate. The bytes rotate through a few buffers, so memory stays constant.
 */
final class ParallelDigest implements AutoCloseable {

    private static final int BUFFERS = 4;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("digest").factory());
    private final byte[][] buffers = new byte[BUFFERS][];
    private final @Nullable Future<?>[] taken = new Future<?>[BUFFERS];
    private MessageDigest digest;
    private int current;

    /** @param begun contains the earlier bytes; the caller must not use it any more */
    ParallelDigest(MessageDigest begun) {
        digest = begun;
    }

    /**
     * The buffer to fill next. It stays unchanged until {@link #take}, and may be read until the next call of this
     * method.
     */
    byte[] buffer() {
        current = (current + 1) % BUFFERS;
        await(taken[current]);
        if (buffers[current] == null) {
            buffers[current] = new byte[BUFFER_BYTES];
        }
        return buffers[current];
    }

    /** Adds the first {@code count} bytes of the buffer. */
    void take(int count) {
        byte[] bytes = buffers[current];
        MessageDigest into = digest;
        taken[current] = thread.submit(() -> into.update(bytes, 0, count));
    }

    /** Discards everything that was added. */
    void restart() {
        settle();
        digest = Checksum.start();
    }

    /** The digest of all added bytes, 64 hex digits. */
    String end() {
        settle();
        return Checksum.end(digest);
    }

    private void settle() {
        for (Future<?> one : taken) {
            await(one);
        }
    }

    private static void await(@Nullable Future<?> one) {
        try {
            if (one != null) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a command", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
