package io.chordshare.storage.blocks;

import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.disk.OwnerOnly;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the blocks: {@code blocks/ab/cd/<hash>}. Hashes are divided into stripes with one lock each. The lock
 * makes "no record names this block" and "delete it" one step.
 */
public final class BlockFiles {

    private static final Logger LOG = LoggerFactory.getLogger(BlockFiles.class);

    private static final int STRIPES = 16;
    /** Number of directories on the second level: two bytes of the hash. */
    private static final int LEAVES = 1 << 16;

    private final Layout layout;
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    /** Directories that exist and are durable. */
    private final BitSet ready = new BitSet(LEAVES);
    private final AtomicLong temporaryNumber = new AtomicLong();

    public BlockFiles(Layout layout) {
        this.layout = layout;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    public Path path(Sha256 hash) {
        String hex = hash.toString();
        return layout.blocks().resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4)).resolve(hex);
    }

    public boolean has(Sha256 hash) {
        return Files.exists(path(hash));
    }

    /** The lock that is held while a block appears and is pinned, and while an unnamed block is deleted. */
    public ReentrantLock lockOf(Sha256 hash) {
        return stripes[hash.toBytes()[0] & (STRIPES - 1)];
    }

    Path newTemporary() {
        return layout.temporary().resolve("block-" + temporaryNumber.incrementAndGet());
    }

    /**
     * Moves a finished file of an upload to its place; durable after {@link #sync}. The block is marked as arriving
     * until a record names it. A machine crash may lose the mark; the block is then kept as an orphan.
     */
    void keepArriving(Path temporary, Sha256 hash) throws IOException {
        if (!has(hash)) {
            markArriving(hash);
        }
        keep(temporary, hash);
    }

    /** Moves a file to its place; durable after {@link #sync}. */
    public void keep(Path file, Sha256 hash) throws IOException {
        Path target = path(hash);
        prepare(hash, target.getParent());
        DurableFiles.move(file, target);
    }

    void markArriving(Sha256 hash) throws IOException {
        OwnerOnly.createFile(mark(hash));
    }

    public boolean isArriving(Sha256 hash) {
        return Files.exists(mark(hash));
    }

    /** Removes the mark: a record names the block, and the block now lives as long as the record. */
    void arrived(Sha256 hash) throws IOException {
        Files.deleteIfExists(mark(hash));
    }

    public List<Sha256> arriving() throws IOException {
        return list(layout.arriving(), "*");
    }

    /** Removes all marks: they are no longer a reason to delete these blocks. */
    public void forgetArriving() throws IOException {
        DurableFiles.empty(layout.arriving());
    }

    private Path mark(Sha256 hash) {
        return layout.arriving().resolve(hash.toString());
    }

    private void prepare(Sha256 hash, Path leaf) throws IOException {
        byte[] bytes = hash.toBytes();
        int number = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        synchronized (ready) {
            if (!ready.get(number)) {
                DurableFiles.createDirectory(leaf.getParent());
                DurableFiles.createDirectory(leaf);
                ready.set(number);
            }
        }
    }

    public void sync(Sha256 hash) throws IOException {
        DurableFiles.syncDirectory(path(hash).getParent());
    }

    void delete(Sha256 hash, DeletionReason why) throws IOException {
        Files.deleteIfExists(path(hash));
        arrived(hash);
        LOG.debug("Block {} is deleted: {}", hash, why);
    }

    /** Size of the block's file, checksums included. */
    public long bytesOnDisk(Sha256 hash) throws IOException {
        return Files.size(path(hash));
    }

    /** Moves a damaged block to the quarantine directory. Returns false when there was no such block. */
    public boolean quarantine(Sha256 hash) throws IOException {
        ReentrantLock lock = lockOf(hash);
        lock.lock();
        try {
            DurableFiles.move(path(hash), layout.quarantine().resolve(hash.toString()));
        } catch (NoSuchFileException e) {
            LOG.debug("Block {} is gone already", hash, e);
            return false;
        } finally {
            lock.unlock();
        }
        DurableFiles.syncDirectory(layout.quarantine());
        sync(hash);
        return true;
    }

    public List<Sha256> quarantined() throws IOException {
        return list(layout.quarantine(), "*");
    }

    /** The blocks whose hash starts with these 8 bytes: nearly always one. */
    List<Sha256> startingWith(long prefix) throws IOException {
        String hex = HexFormat.of().toHexDigits(prefix);
        Path leaf = layout.blocks().resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4));
        return Files.isDirectory(leaf) ? list(leaf, hex + "*") : List.of();
    }

    /** All directories that hold blocks. Each one is small. */
    public List<Path> leaves() throws IOException {
        List<Path> leaves = new ArrayList<>();
        for (Path first : directories(layout.blocks())) {
            leaves.addAll(directories(first));
        }
        return leaves;
    }

    public List<Sha256> in(Path leaf) throws IOException {
        return list(leaf, "*");
    }

    private static List<Path> directories(Path parent) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, Files::isDirectory)) {
            List<Path> all = new ArrayList<>();
            found.forEach(all::add);
            return all;
        }
    }

    private static List<Sha256> list(Path directory, String glob) throws IOException {
        List<Sha256> hashes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                try {
                    hashes.add(Sha256.parse(file.getFileName().toString()));
                } catch (IllegalArgumentException e) {
                    LOG.warn("{} is not a block. It is left as it is", file, e);
                }
            }
        }
        return hashes;
    }

    /** Takes all locks: no block appears or disappears until {@link #unlockAll}. */
    public void lockAll() {
        for (ReentrantLock stripe : stripes) {
            stripe.lock();
        }
    }

    public void unlockAll() {
        for (ReentrantLock stripe : stripes) {
            stripe.unlock();
        }
    }

    /** Forgets which directories exist: they were moved away. */
    public void forgetDirectories() {
        synchronized (ready) {
            ready.clear();
        }
    }
}
