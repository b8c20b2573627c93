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
 * The blocks on this node's disk: immutable, named by their SHA-256, identical ones kept once. A block lives as long as
 * a record names it or an open upload holds on to it. Thread-safe.
 */
public final class BlockStore {

    /** Blocks handed to the writer at once when an upload lets go of them. */
    private static final int RELEASED_AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(BlockStore.class);

    private final BlockFiles files;
    private final Disk disk;
    private final Pins pins;
    private final BlockCollector freeing;
    private final BlockReferences references;
    private final Database database;
    private final Runnable recordsChanged;

    public BlockStore(BlockFiles files, Disk disk, Pins pins, BlockCollector freeing, BlockReferences references,
               Database database, Runnable recordsChanged) {
        this.files = files;
        this.disk = disk;
        this.pins = pins;
        this.freeing = freeing;
        this.references = references;
        this.database = database;
        this.recordsChanged = recordsChanged;
    }

    public boolean has(Sha256 hash) {
        return files.has(hash);
    }

    /**
     * Bytes of data in the block.
     *
     * @throws BlockMissingException when it is not here
     * @throws CorruptBlockException when its file cannot be whole
     */
    public long length(Sha256 hash) {
        return disk.doing(() -> {
            try (BlockReader reader = open(hash)) {
                return reader.length();
            }
        });
    }

    /**
     * Opens a block for verified reading.
     *
     * @throws BlockMissingException when it is not here; if a record said so, {@link #quarantine} sets that right
     * @throws CorruptBlockException when its file cannot be whole
     */
    public BlockReader open(Sha256 hash) {
        return disk.doing(() -> BlockReader.open(files.path(hash), hash, disk));
    }

    /**
     * Reads {@code in} to its end and keeps it as block {@code expected}: on disk when this returns, and held for
     * {@code upload} until that is {@linkplain #release released}. A block that is here already is not written again,
     * but what is sent is verified all the same. Constant memory.
     *
     * @throws BlockMismatchException when the bytes are others, or more than {@link Content#BLOCK_BYTES}
     * @throws DiskFullException      when there is no room; nothing is left of it
     * @throws TooManyUploadsException when too many other uploads are open; nothing was read
     * @throws IOException            when {@code in} fails; nothing is left of it, send it again
     */
    public void put(Sha256 expected, InputStream in, String upload) throws IOException {
        pins.admit(upload).ifPresent(this::free);
        BlockTransfer transfer = new BlockTransfer(expected, in, disk, () -> pins.touch(upload));
        if (pinIfHere(expected, upload)) {
            requireSame(expected, transfer.run(null));
        } else {
            write(expected, transfer, upload);
        }
        // Also for a block that was here: another upload may not have synced it yet
        disk.doing(() -> {
            files.sync(expected);
            return true;
        });
    }

    private boolean pinIfHere(Sha256 hash, String upload) {
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

    /** The sent bytes are right; should the ones on disk be fewer, the sender has to give them once more. */
    private void requireSame(Sha256 hash, long length) throws IOException {
        try (BlockReader reader = open(hash)) {
            if (reader.length() == length) {
                return;
            }
        } catch (CorruptBlockException | BlockMissingException e) {
            LOG.warn("The block that was here cannot be used", e);
        }
        quarantine(hash);
        throw new IOException("block " + hash + " was here, but damaged: send it again");
    }

    private void write(Sha256 hash, BlockTransfer transfer, String upload) throws IOException {
        Path temporary = files.newTemporary();
        try {
            receive(transfer, temporary);
            disk.doing(() -> {
                keepAndPin(temporary, hash, upload);
                return true;
            });
        } catch (IOException | RuntimeException e) {
            delete(temporary);
            throw e;
        }
    }

    private void receive(BlockTransfer transfer, Path temporary) throws IOException {
        FileChannel out = disk.doing(() -> {
            // Before a file is made: below the reserve even an empty one is one too many
            disk.space().require(1);
            return OwnerOnly.create(temporary);
        });
        try {
            transfer.run(out);
            disk.doing(() -> {
                out.force(true);
                return true;
            });
        } finally {
            // Some file systems say only now that there was no room
            disk.doing(() -> {
                out.close();
                return true;
            });
        }
    }

    private void keepAndPin(Path temporary, Sha256 hash, String upload) throws IOException {
        ReentrantLock lock = files.lockOf(hash);
        lock.lock();
        try {
            // first of the two: without its pin the block would stay for good
            pins.pin(upload, hash);
            files.keepArriving(temporary, hash);
        } finally {
            lock.unlock();
        }
    }

    /** What cannot be deleted now is swept at the next start; the failure before it is the one to tell. */
    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.debug("The temporary file {} stays until the next start", temporary, e);
        }
    }

    /**
     * Makes a place on this disk for bytes of a block that wait for a slow client.
     *
     * @throws DiskFullException when there is no room
     */
    public ScratchFile newScratch() {
        return ScratchFile.create(files.newTemporary(), disk);
    }

    /** Tells that the upload is still going on. Nothing when it holds no block. */
    public void touch(String upload) {
        pins.touch(upload);
    }

    /** Lets go of all blocks of an upload; those that it brought here and that no record names are freed. */
    public void release(String upload) {
        pins.remove(upload).ifPresent(this::free);
    }

    /**
     * Releases the uploads of which nothing was heard for {@code idle}.
     *
     * @return how many
     */
    public int releaseIdle(Duration idle) {
        List<LongSet> idleUploads = pins.removeIdle(idle);
        idleUploads.forEach(this::free);
        return idleUploads.size();
    }

    private void free(LongSet prefixes) {
        List<Sha256> some = new ArrayList<>(RELEASED_AT_ONCE);
        prefixes.forEach(prefix -> {
            some.addAll(disk.doing(() -> files.startingWith(prefix)));
            if (some.size() >= RELEASED_AT_ONCE) {
                freeNow(some);
            }
        });
        freeNow(some);
    }

    private void freeNow(List<Sha256> blocks) {
        if (!blocks.isEmpty()) {
            List<Sha256> handedOver = List.copyOf(blocks);
            database.write(session -> {
                freeing.release(handedOver);
                return true;
            });
            blocks.clear();
        }
    }

    /**
     * Sets a damaged block aside, never to be served, and marks every record that names it as incomplete again. With a
     * block that is not here at all, only the marking is done. What is set aside is kept for a person to look at.
     */
    public void quarantine(Sha256 hash) {
        database.write(session -> {
            references.quarantine(session, hash);
            return true;
        });
        recordsChanged.run();
    }
}
