package io.chordshare.storage.blocks;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.disk.OwnerOnly;
import io.chordshare.storage.disk.ScratchFile;
import io.chordshare.storage.error.BlockMismatchException;
import io.chordshare.storage.error.BlockMissingException;
import io.chordshare.storage.error.CorruptBlockException;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.TooManyUploadsException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.records.BlockReferences;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks on this node's disk. A block is immutable and named by its SHA-256; identical blocks are stored once. A
 * block is kept while a record names it or an open upload pins it. Thread-safe.
 */
public final class BlockStore {

    /** Blocks passed to the writer at once when an upload ends. */
    private static final int RELEASED_AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(BlockStore.class);

    private final BlockFiles files;
    private final Disk disk;
    private final Pins pins;
    private final BlockCollector collector;
    private final BlockReferences references;
    private final Database database;
    private final Runnable recordsChanged;

    public BlockStore(BlockFiles files, Disk disk, Pins pins, BlockCollector collector, BlockReferences references,
               Database database, Runnable recordsChanged) {
        this.files = files;
        this.disk = disk;
        this.pins = pins;
        this.collector = collector;
        this.references = references;
        this.database = database;
        this.recordsChanged = recordsChanged;
    }

    public boolean has(Sha256 hash) {
        return files.has(hash);
    }

    /**
     * Size of the block's data in bytes.
     *
     * @throws BlockMissingException when it is not here
     * @throws CorruptBlockException when its file cannot be whole
     */
    public long length(Sha256 hash) {
        return disk.run(() -> {
            try (BlockReader reader = open(hash)) {
                return reader.length();
            }
        });
    }

    /**
     * Opens a block for verified reading.
     *
     * @throws BlockMissingException when the block is not here; if a record claims it is, call {@link #quarantine}
     * @throws CorruptBlockException when the file has an impossible length
     */
    public BlockReader open(Sha256 hash) {
        return disk.run(() -> BlockReader.open(files.path(hash), hash, disk));
    }

    /**
     * Reads {@code in} to its end and stores it as block {@code expected}. When this returns, the block is on disk and
     * pinned for {@code upload} until the upload is {@linkplain #release released}. A block that is here already is not
     * written again, but the received bytes are still verified. Uses constant memory.
     *
     * @throws BlockMismatchException when the bytes have another hash, or are more than {@link Content#BLOCK_BYTES}
     * @throws DiskFullException when there is no room; nothing is kept
     * @throws TooManyUploadsException when too many other uploads are open; nothing was read
     * @throws IOException when {@code in} fails; nothing is kept, so send the block again
     */
    public void put(Sha256 expected, InputStream in, String upload) throws IOException {
        pins.admit(upload).ifPresent(this::free);
        BlockTransfer transfer = new BlockTransfer(expected, in, disk, () -> pins.touch(upload));
        if (pinIfHere(expected, upload)) {
            requireSame(expected, transfer.run(null));
        } else {
            write(expected, transfer, upload);
        }
        // Also for a block that was here already: the upload that brought it may not have synced it yet
        disk.run(() -> {
            files.sync(expected);
            return true;
        });
    }

    /** Keeps a block that is here for an upload, as if the upload had brought it. @return whether it is here */
    public boolean pinIfHere(Sha256 hash, String upload) {
        ReentrantLock lock = files.lockOf(hash);
        lock.lock();
        try {
            boolean here = files.has(hash);
            if (here) {
                pins.pin(upload, hash);
            }
            return here;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The received bytes are correct. If the stored block is shorter, it is damaged, and the sender must send it again.
     */
    private void requireSame(Sha256 hash, long length) throws IOException {
        try (BlockReader reader = open(hash)) {
            if (reader.length() == length) {
                return;
            }
        } catch (CorruptBlockException | BlockMissingException e) {
            LOG.warn("The stored block cannot be used", e);
        }
        quarantine(hash);
        throw new IOException("the stored block " + hash + " was damaged: send it again");
    }

    private void write(Sha256 hash, BlockTransfer transfer, String upload) throws IOException {
        Path temporary = files.newTemporary();
        try {
            receive(transfer, temporary);
            disk.run(() -> {
                keepAndPin(temporary, hash, upload);
                return true;
            });
        } catch (IOException | RuntimeException e) {
            delete(temporary);
            throw e;
        }
    }

    private void receive(BlockTransfer transfer, Path temporary) throws IOException {
        FileChannel out = disk.run(() -> {
            // Check before the file is created: below the reserve there is no room even for an empty file
            disk.space().require(1);
            return OwnerOnly.create(temporary);
        });
        try {
            transfer.run(out);
            disk.run(() -> {
                out.force(true);
                return true;
            });
        } finally {
            // Some file systems report only at close that the disk is full
            disk.run(() -> {
                out.close();
                return true;
            });
        }
    }

    private void keepAndPin(Path temporary, Sha256 hash, String upload) throws IOException {
        ReentrantLock lock = files.lockOf(hash);
        lock.lock();
        try {
            // Pin first: without a pin the block would never be deleted
            pins.pin(upload, hash);
            files.keepArriving(temporary, hash);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes a temporary file. If that fails, the next start deletes it; the caller reports the earlier failure. */
    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.debug("The temporary file {} stays until the next start", temporary, e);
        }
    }

    /**
     * Creates a file on this disk for bytes of a block that wait for a slow client.
     *
     * @throws DiskFullException when there is no room
     */
    public ScratchFile newScratch() {
        return ScratchFile.create(files.newTemporary(), disk);
    }

    /** Records that the upload is still active. Does nothing when the upload pins no block. */
    public void touch(String upload) {
        pins.touch(upload);
    }

    /** Ends an upload: unpins its blocks, and deletes those that it brought here and that no record names. */
    public void release(String upload) {
        pins.remove(upload).ifPresent(this::free);
    }

    /**
     * Releases the uploads that were silent for {@code idle}.
     *
     * @return the number of released uploads
     */
    public int releaseIdle(Duration idle) {
        List<LongSet> idleUploads = pins.removeIdle(idle);
        idleUploads.forEach(this::free);
        return idleUploads.size();
    }

    private void free(LongSet prefixes) {
        List<Sha256> some = new ArrayList<>(RELEASED_AT_ONCE);
        prefixes.forEach(prefix -> {
            some.addAll(disk.run(() -> files.startingWith(prefix)));
            if (some.size() >= RELEASED_AT_ONCE) {
                freeNow(some);
            }
        });
        freeNow(some);
    }

    private void freeNow(List<Sha256> blocks) {
        if (!blocks.isEmpty()) {
            List<Sha256> released = List.copyOf(blocks);
            database.write(session -> {
                collector.release(released);
                return true;
            });
            blocks.clear();
        }
    }

    /**
     * Moves a damaged block to quarantine, where it is never served, and marks every record that names it as
     * incomplete. If the block is not here at all, only marks the records. Quarantined blocks are kept for a person to
     * inspect.
     */
    public void quarantine(Sha256 hash) {
        database.write(session -> {
            references.quarantine(session, hash);
            return true;
        });
        recordsChanged.run();
    }
}
