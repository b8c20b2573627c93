package io.chordshare.replication;

import io.chordshare.ring.NodeRuntime;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The memory that bodies on their way through this node may take, all together. Who finds none waits, then is refused:
 * the number and size of files never decide the memory of a node.
 */
public final class BufferBudget {

    /** Somebody who waits looks again after this. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(15);

    private final NodeRuntime runtime;
    private final Semaphore bytes;
    private final int total;

    /** @param totalBytes at least one block */
    public BufferBudget(NodeRuntime runtime, int totalBytes) {
        this.runtime = runtime;
        this.total = totalBytes;
        this.bytes = new Semaphore(totalBytes);
    }

    /** A buffer that was lent. Closing gives it back; twice is as good as once. */
    public final class Lease implements AutoCloseable {

        private final int size;
        private byte @Nullable [] buffer;
        private boolean returned;

        private Lease(int size) {
            this.size = size;
        }

        /** The buffer itself, made when first asked for: some only need to account for bytes that come by themselves. */
        public synchronized byte[] buffer() {
            byte[] made = buffer == null ? new byte[size] : buffer;
            buffer = made;
            return made;
        }

        @Override
        public synchronized void close() {
            if (!returned) {
                returned = true;
                buffer = null;
                bytes.release(size);
            }
        }
    }

    /**
     * Lends a buffer of {@code size} bytes.
     *
     * @throws OverloadedException when none is free within {@code patience}
     */
    public Lease lend(int size, Duration patience) throws OverloadedException {
        if (size > total) {
            throw new IllegalArgumentException("a buffer of " + size + " bytes exceeds the budget of " + total);
        }
        Duration deadline = runtime.uptime().plus(patience);
        while (!bytes.tryAcquire(size)) {
            if (runtime.uptime().compareTo(deadline) > 0) {
                throw new OverloadedException("all " + total + " bytes for bodies under way are in use");
            }
            runtime.sleep(LOOK_AGAIN);
        }
        return new Lease(size);
    }

    /** Bytes that nobody uses at this moment. */
    public int free() {
        return bytes.availablePermits();
    }

    /** There is too much to do. Trying again in a few seconds can help. */
    public static final class OverloadedException extends Exception {

        private static final long serialVersionUID = 1L;

        OverloadedException(String message) {
            super(message);
        }
    }
}
