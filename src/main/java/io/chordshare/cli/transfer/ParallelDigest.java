package io.chordshare.cli.transfer;

import java.security.MessageDigest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 that is calculated beside the transfer: hashing takes about as long as sending over a fast network, and one
 * after the other would halve the rate. The bytes lie in a few buffers in turn, so memory stays constant.
 */
public final class ParallelDigest implements AutoCloseable {

    private static final int BUFFERS = 4;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("digest").factory());
    private final byte[][] buffers = new byte[BUFFERS][];
    private final @Nullable Future<?>[] taken = new Future<?>[BUFFERS];
    private MessageDigest digest;
    private int current;

    /** @param begun has what was there before, and is not used by anybody else from now on */
    ParallelDigest(MessageDigest begun) {
        digest = begun;
    }

    /** The buffer to fill next. It stays as it is until {@link #take}, and may be read until the next call of this. */
    byte[] buffer() {
        current = (current + 1) % BUFFERS;
        await(taken[current]);
        if (buffers[current] == null) {
            buffers[current] = new byte[BUFFER_BYTES];
        }
        return buffers[current];
    }

    /** So many bytes of the buffer are the next ones. */
    void take(int count) {
        byte[] bytes = buffers[current];
        MessageDigest into = digest;
        taken[current] = thread.submit(() -> into.update(bytes, 0, count));
    }

    /** Everything that was taken counts for nothing. */
    void restart() {
        settle();
        digest = Checksum.start();
    }

    /** 64 hex digits of all that was taken. */
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
