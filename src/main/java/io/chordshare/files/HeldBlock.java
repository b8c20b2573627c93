package io.chordshare.files;

import io.chordshare.replication.blocks.BufferBudget.Lease;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.replication.blocks.BufferBudget;
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
 * One block of a file between this node and a client. Its bytes are in memory that was lent for them; while others wait
 * for memory and the client is slow, they are in a temporary file. One thread uses it; any thread may ask it to give up
 * its memory.
 */
public final class HeldBlock implements BufferBudget.Holder, AutoCloseable {

    /** Without memory within this time the bytes go to the disk. Longer than slow holders keep theirs. */
    private static final Duration DISK_AFTER = Duration.ofSeconds(2);
    /** A whole block that has to be sent waits for memory at most this time, then the request is refused. */
    static final Duration MEMORY_PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(HeldBlock.class);

    private final BufferBudget budget;
    private final Supplier<ScratchFile> newScratch;
    private final int capacity;
    private @Nullable Lease lease;
    /** In memory: the bytes, as far as {@code length} says. */
    private byte @Nullable [] bytes;
    private @Nullable ScratchFile scratch;
    private int length;
    /** Somebody reads the bytes in memory at the moment, or the disk did not take them. */
    private boolean pinned;

    /** @param capacity bytes that it takes at most */
    HeldBlock(BufferBudget budget, Supplier<ScratchFile> newScratch, int capacity) {
        this.budget = budget;
        this.newScratch = newScratch;
        this.capacity = capacity;
    }

    /** Bytes that it has. */
    synchronized int length() {
        return length;
    }

    /**
     * Adds bytes.
     *
     * @throws OverloadedException when neither memory nor disk takes them
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
     * Takes the bytes that {@code source} makes, in memory that is lent before.
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

    /** Where whole blocks come from. */
    interface Source<E extends Exception> {
        byte[] make() throws E;
    }

    /**
     * All bytes in memory, {@link #length} of them. They stay there until {@link #next} or {@link #clear}.
     *
     * @throws OverloadedException when they are on disk and there is no memory for them
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

    /** Copies bytes from {@code position}; as many as there are, at most {@code most}; 0 at the end. */
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
            LOG.debug("The disk does not take the bytes of a slow client", e);
            if (file != null) {
                file.close();
            }
            return false;
        }
    }

    /** Forgets the bytes: the next block can be appended, in the same memory unless others wait for it. */
    synchronized void next() {
        closeScratch(file -> {});
        length = 0;
        pinned = false;
        if (lease != null) {
            lease.renew();
        }
    }

    /** Forgets the bytes, and gives memory and disk back. */
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
