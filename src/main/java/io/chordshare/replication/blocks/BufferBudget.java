package io.chordshare.replication.blocks;

import io.chordshare.runtime.NodeRuntime;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The shared memory budget for bodies in transit through this node. A request without memory waits, then is refused, so
 * the number and size of files never decide the memory of a node. While a request waits, holders that do not need their
 * memory give it up, so slow clients do not block others. Thread-safe.
 */
public final class BufferBudget {

    /** Somebody who waits looks again after this. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(15);

    /** A client that fills or reads a block within this time keeps its memory, also when others wait. */
    static final Duration KEEPS_FOR = Duration.ofSeconds(1);

    private final NodeRuntime runtime;
    private final Semaphore bytes;
    private final int total;
    /** Leases of holders that can do without. At most as many as the budget has room for. */
    private final Set<Lease> spillable = ConcurrentHashMap.newKeySet();

    /** Somebody who was lent memory and may be able to do without it. */
    @FunctionalInterface
    public interface Holder {

        /**
         * Asks the holder to close its lease, because others wait for memory. Called from other threads, as often as
         * they look.
         *
         * @return false when the holder needs the memory at the moment
         */
        boolean giveUp();
    }

    /** @param totalBytes at least one block */
    public BufferBudget(NodeRuntime runtime, int totalBytes) {
        this.runtime = runtime;
        this.total = totalBytes;
        this.bytes = new Semaphore(totalBytes);
    }

    /** A leased buffer. Closing returns it; closing twice is harmless. */
    public final class Lease implements AutoCloseable {

        private final int size;
        private volatile Duration since;
        private final @Nullable Holder holder;
        private byte @Nullable [] buffer;
        private boolean returned;

        private Lease(int size, Duration since, @Nullable Holder holder) {
            this.size = size;
            this.since = since;
            this.holder = holder;
        }

        /**
         * The buffer itself, made when first asked for: some only need to account for bytes that come by themselves.
         */
        public synchronized byte[] buffer() {
            byte[] made = buffer == null ? new byte[size] : buffer;
            buffer = made;
            return made;
        }

        /** Begins to count anew how long the holder has it. */
        public void renew() {
            since = runtime.uptime();
        }

        @Override
        public synchronized void close() {
            if (!returned) {
                returned = true;
                buffer = null;
                spillable.remove(this);
                bytes.release(size);
            }
        }
    }

    /**
     * Leases a buffer of {@code size} bytes to a holder that needs it until the lease is closed.
     *
     * @throws OverloadedException when none is free within {@code patience}
     */
    public Lease lend(int size, Duration patience) throws OverloadedException {
        return lend(size, patience, null);
    }

    /**
     * Leases a buffer of {@code size} bytes.
     *
     * @param holder is asked to give the memory up when others wait for it and {@link #KEEPS_FOR} has passed; null for
     *               one that cannot
     * @throws OverloadedException when none is free within {@code patience}
     */
    public Lease lend(int size, Duration patience, @Nullable Holder holder) throws OverloadedException {
        if (size > total) {
            throw new IllegalArgumentException("a buffer of " + size + " bytes exceeds the budget of " + total);
        }
        Duration deadline = runtime.uptime().plus(patience);
        while (!bytes.tryAcquire(size)) {
            if (runtime.uptime().compareTo(deadline) > 0) {
                throw new OverloadedException("all " + total + " bytes for bodies under way are in use");
            }
            if (!askHolders()) {
                runtime.sleep(LOOK_AGAIN);
            }
        }
        Lease lease = new Lease(size, runtime.uptime(), holder);
        if (holder != null) {
            spillable.add(lease);
        }
        return lease;
    }

    /** The lease that was lent first and whose holder can do without it. True when there was one. */
    private boolean askHolders() {
        Duration before = runtime.uptime().minus(KEEPS_FOR);
        return spillable.stream().filter(lease -> lease.since.compareTo(before) <= 0)
                .sorted(Comparator.comparing(lease -> lease.since))
                .anyMatch(lease -> Objects.requireNonNull(lease.holder).giveUp());
    }

    /** Free bytes. */
    public int free() {
        return bytes.availablePermits();
    }

    /** The node is overloaded. Trying again in a few seconds can help. */
    public static final class OverloadedException extends Exception {

        private static final long serialVersionUID = 1L;

        OverloadedException(String message) {
            super(message);
        }
    }
}
