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
 * Deletes blocks that are no longer needed, for one of the reasons in {@link DeletionReason}. A block stays while a
 * record names it or an open upload pins it. Runs only after the commit that removed the name: after a crash in between
 * a file is left over, which the next start deletes. A name without its block cannot happen.
 */
public final class BlockCollector implements Database.Commits {

    /**
     * Blocks checked after one commit. The callers that wait for the commit wait for this too, so the number is small.
     */
    private static final int AT_ONCE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(BlockCollector.class);

    private final BlockFiles files;
    private final Pins pins;
    private final LongSupplier dueUpTo;
    private final Disk disk;
    /** Blocks of uploads that have ended. */
    private List<Sha256> released = new ArrayList<>();
    private long doneUpTo;

    /**
     * @param dueUpTo gives a time in milliseconds: a block that lost its last name at or before this time may be
     *                deleted
     */
    public BlockCollector(BlockFiles files, Pins pins, LongSupplier dueUpTo, Disk disk) {
        this.files = files;
        this.pins = pins;
        this.dueUpTo = dueUpTo;
        this.disk = disk;
    }

    /**
     * The writer calls it. The blocks are checked after the commit, because the commit may add a name for them.
     */
    void release(List<Sha256> blocks) {
        released.addAll(blocks);
    }

    @Override
    public void begun(SqlSession session) throws SQLException {
        disk.space().beginTransaction();
        if (doneUpTo > 0) {
            session.update("DELETE FROM freeable WHERE id <= ?", doneUpTo);
            // SQLite may use the same ids again. If this transaction is rolled back, the rows are checked a second
            // time, which is harmless
            doneUpTo = 0;
        }
    }

    @Override
    public boolean committed(SqlSession session) throws SQLException {
        List<Sha256> ended = released;
        released = new ArrayList<>();
        for (Sha256 block : ended) {
            freeReleased(session, block, DeletionReason.RELEASED);
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

    /** Deletes a block of an upload that has ended, if that upload brought the block to this node. */
    public void freeReleased(SqlSession session, Sha256 block, DeletionReason why) throws SQLException {
        boolean named = BlockReferences.isNamed(session, block);
        locked(block, () -> {
            if (named) {
                files.arrived(block);
            } else if (!pins.isPinned(block) && files.isArriving(block)) {
                files.delete(block, why);
            }
        });
    }

    /**
     * Deletes a block that lost a name. If an open upload pins the block, the block is deleted when that upload ends.
     */
    public void freeReplaced(SqlSession session, Sha256 block) throws SQLException {
        if (BlockReferences.isNamed(session, block)) {
            return;
        }
        locked(block, () -> {
            if (!pins.isPinned(block)) {
                files.delete(block, DeletionReason.REPLACED);
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

    /**
     * Runs {@code work} under the lock of the block. A block that cannot be deleted must not stop the others: it stays,
     * and the next start lists it.
     */
    private void locked(Sha256 block, Work work) {
        ReentrantLock lock = files.lockOf(block);
        lock.lock();
        try {
            work.run();
        } catch (IOException e) {
            LOG.debug("Block {} is no longer needed but cannot be deleted", block, disk.failed(e));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all positions: the database was replaced by an empty one. */
    public void reset() {
        doneUpTo = 0;
        released.clear();
    }
}
