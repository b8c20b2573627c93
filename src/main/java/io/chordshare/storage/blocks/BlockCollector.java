package io.chordshare.storage.blocks;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.records.BlockReferences;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes blocks of which somebody said that they are not needed, see {@link Unneeded}, unless a record or an open
 * upload names them. Only after the commit that took the name away: a crash in between leaves a file too many, which
 * the next open deletes, never a name without its block.
 */
public final class BlockCollector implements Database.Commits {

    /** Blocks looked at after one commit: those who wait for the commit wait for them too. */
    private static final int AT_ONCE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(BlockCollector.class);

    private final BlockFiles files;
    private final Pins pins;
    private final LongSupplier dueUpTo;
    private final Disk disk;
    /** Blocks that an upload let go of. */
    private List<Sha256> released = new ArrayList<>();
    private long doneUpTo;

    /** @param dueUpTo blocks that lost their name at or before this time (milliseconds) may go */
    public BlockCollector(BlockFiles files, Pins pins, LongSupplier dueUpTo, Disk disk) {
        this.files = files;
        this.pins = pins;
        this.dueUpTo = dueUpTo;
        this.disk = disk;
    }

    /** On the writer's thread: looked at after the commit, since what it commits may name them. */
    void release(List<Sha256> blocks) {
        released.addAll(blocks);
    }

    @Override
    public void begun(SqlSession session) throws SQLException {
        disk.space().beginTransaction();
        if (doneUpTo > 0) {
            session.update("DELETE FROM freeable WHERE id <= ?", doneUpTo);
            // SQLite may give the same ids again. Should this be rolled back, looking once more does no harm
            doneUpTo = 0;
        }
    }

    @Override
    public boolean committed(SqlSession session) throws SQLException {
        List<Sha256> ended = released;
        released = new ArrayList<>();
        for (Sha256 block : ended) {
            freeReleased(session, block, Unneeded.RELEASED);
        }
        List<Long> ids = new ArrayList<>();
        List<Sha256> replaced = new ArrayList<>();
        session.each("SELECT id, hash FROM freeable WHERE id > ? AND at <= ? ORDER BY id LIMIT " + AT_ONCE, row -> {
            ids.add(row.getLong(1));
            replaced.add(Sha256.fromBytes(row.getBytes(2)));
        }, doneUpTo, dueUpTo.getAsLong());
        for (Sha256 block : replaced) {
            freeReplaced(session, block);
        }
        if (!ids.isEmpty()) {
            doneUpTo = ids.getLast();
        }
        return ids.size() == AT_ONCE;
    }

    /** An upload let go of the block. One that it did not bring here is not its to free. */
    public void freeReleased(SqlSession session, Sha256 block, Unneeded why) throws SQLException {
        boolean named = BlockReferences.isNamed(session, block);
        locked(block, () -> {
            if (named) {
                files.arrived(block);
            } else if (!pins.isPinned(block) && files.isArriving(block)) {
                files.delete(block, why);
            }
        });
    }

    /** The block lost a name. Should an upload hold on to it, it goes with the upload from now on. */
    public void freeReplaced(SqlSession session, Sha256 block) throws SQLException {
        if (BlockReferences.isNamed(session, block)) {
            return;
        }
        locked(block, () -> {
            if (!pins.isPinned(block)) {
                files.delete(block, Unneeded.REPLACED);
            } else if (files.has(block)) {
                files.markArriving(block);
            }
        });
    }

    /** Work on the file of a block. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** The others need not wait for a block that cannot be deleted: it stays, and the next start lists it. */
    private void locked(Sha256 block, Work work) {
        ReentrantLock lock = files.lockOf(block);
        lock.lock();
        try {
            work.run();
        } catch (IOException e) {
            LOG.debug("Block {}, which nobody needs any more, cannot be deleted", block, disk.failed(e));
        } finally {
            lock.unlock();
        }
    }

    /** The database was exchanged for an empty one. */
    public void reset() {
        doneUpTo = 0;
        released.clear();
    }
}
