package io.chordshare.files;

import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.BufferBudget.Lease;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.storage.disk.ScratchFile;
import io.chordshare.storage.error.StorageException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One block of a file between this node and a client. Its bytes are in memory leased from the {@link BufferBudget}.
 * While other requests wait for memory and the client is slow, the bytes move to a temporary file. One thread uses the
 * block; any thread may ask it to give up its memory.
 */
final class HeldBlock implements BufferBudget.Holder, AutoCloseable {

    /** If no memory is free within this time, the bytes go to disk. Longer than a slow holder keeps its memory. */
    private static final Duration DISK_AFTER = Duration.ofSeconds(2);
    /** A block that must be sent waits at most this long for memory. Then the request is refused. */
    static final Duration MEMORY_PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(HeldBlock.class);

    private final BufferBudget budget;
    private final Supplier<ScratchFile> newScratch;
    private final int capacity;
    private @Nullable Lease lease;
    /** The bytes in memory: the first {@code length} are valid. */
    private byte @Nullable [] bytes;
    private @Nullable ScratchFile scratch;
    private int length;
    /** Whether the bytes must stay in memory: they are in use, or the disk could not store them. */
    private boolean pinned;

    /** @param capacity largest number of bytes */
    HeldBlock(BufferBudget budget, Supplier<ScratchFile> newScratch, int capacity) {
        this.budget = budget;
        this.newScratch = newScratch;
        this.capacity = capacity;
    }

    /** Number of bytes. */
    synchronized int length() {
        return length;
    }

    /**
     * Appends bytes.
     *
     * @throws OverloadedException when neither memory nor disk has room
     */
    void append(byte[] chunk, int count) throws OverloadedException {
        Objects.checkFromIndexSize(0, count, capacity - length());
        if (isNowhere()) {
            begin();
        }
        synchronized (this) {
            if (scratch != null) {
                scratch.append(chunk, count);
            } else {
                System.arraycopy(chunk, 0, Objects.requireNonNull(bytes), length, count);
            }
            length += count;
        }
    }

    private synchronized boolean isNowhere() {
        return lease == null && scratch == null;
    }

    private void begin() throws OverloadedException {
        try {
            Lease lent = budget.lend(capacity, DISK_AFTER, this);
            synchronized (this) {
                lease = lent;
                bytes = lent.buffer();
            }
        } catch (OverloadedException noMemory) {
            try {
                ScratchFile file = newScratch.get();
                synchronized (this) {
                    scratch = file;
                }
            } catch (StorageException noDisk) {
                noMemory.addSuppressed(noDisk);
                throw noMemory;
            }
        }
    }

    /**
     * Leases memory, then takes the bytes that {@code source} produces.
     *
     * @throws OverloadedException when there is no memory
     */
    <E extends Exception> void fill(Source<E> source) throws OverloadedException, E {
        clear();
        Lease lent = budget.lend(capacity, MEMORY_PATIENCE, this);
        boolean filled = false;
        try {
            byte[] made = source.make();
            synchronized (this) {
                lease = lent;
                bytes = made;
                length = made.length;
            }
            filled = true;
        } finally {
            if (!filled) {
                lent.close();
            }
        }
    }

    /** Produces a whole block. */
    interface Source<E extends Exception> {
        byte[] make() throws E;
    }

    /**
     * The bytes in memory: the first {@link #length} are valid. They stay there until {@link #next} or {@link #clear}.
     *
     * @throws OverloadedException when the bytes are on disk and there is no memory for them
     */
    byte[] inMemory() throws OverloadedException {
        synchronized (this) {
            if (bytes != null) {
                pinned = true;
                return bytes;
            }
        }
        Lease lent = budget.lend(capacity, MEMORY_PATIENCE);
        synchronized (this) {
            byte[] read = lent.buffer();
            lease = lent;
            bytes = read;
            pinned = true;
            closeScratch(file -> file.read(0, read, 0, length));
            return read;
        }
    }

    /** Copies up to {@code most} bytes from {@code position}. Returns how many; 0 at the end. */
    synchronized int read(int position, byte[] target, int offset, int most) {
        int count = Math.min(most, length - position);
        if (count <= 0) {
            return 0;
        }
        if (scratch != null) {
            scratch.read(position, target, offset, count);
        } else {
            System.arraycopy(Objects.requireNonNull(bytes), position, target, offset, count);
        }
        return count;
    }

    @Override
    public synchronized boolean giveUp() {
        byte[] moving = bytes;
        Lease given = lease;
        if (pinned || moving == null || given == null) {
            return false;
        }
        if (length > 0 && !moveToDisk(moving)) {
            pinned = true;
            return false;
        }
        bytes = null;
        lease = null;
        given.close();
        return true;
    }

    private boolean moveToDisk(byte[] moving) {
        ScratchFile file = null;
        try {
            file = newScratch.get();
            file.append(moving, length);
            scratch = file;
            return true;
        } catch (StorageException e) {
            LOG.debug("The bytes of a slow client cannot be written to disk", e);
            if (file != null) {
                file.close();
            }
            return false;
        }
    }

    /** Drops the bytes for the next block. Keeps the memory unless others wait for it. */
    synchronized void next() {
        closeScratch(file -> {});
        length = 0;
        pinned = false;
        if (lease != null) {
            lease.renew();
        }
    }

    /** Drops the bytes and returns memory and disk space. */
    synchronized void clear() {
        closeScratch(file -> {});
        if (lease != null) {
            lease.close();
        }
        lease = null;
        bytes = null;
        length = 0;
        pinned = false;
    }

    private void closeScratch(Consumer<ScratchFile> last) {
        try (ScratchFile file = scratch) {
            scratch = null;
            if (file != null) {
                last.accept(file);
            }
        }
    }

    @Override
    public void close() {
        clear();
    }
}
