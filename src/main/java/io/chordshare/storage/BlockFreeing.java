package io.chordshare.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes blocks that no record and no open upload names. Only after the commit that took the name away: a crash in
 * between leaves a file too many, which the next open sweeps, never a name without its block.
 */
final class BlockFreeing implements Database.Commits {

    /** Blocks looked at after one commit: those who wait for the commit wait for them too. */
    private static final int AT_ONCE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(BlockFreeing.class);

    private final BlockFiles files;
    private final Pins pins;
    private final LongSupplier dueUpTo;
    private final Disk disk;
    /** Blocks that an upload let go of. */
    private List<Sha256> released = new ArrayList<>();
    private long doneUpTo;

    /** @param dueUpTo blocks that lost their name at or before this time (milliseconds) may go */
    BlockFreeing(BlockFiles files, Pins pins, LongSupplier dueUpTo, Disk disk) {
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
        List<Sha256> candidates = released;
        released = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        session.each("SELECT id, hash FROM freeable WHERE id > ? AND at <= ? ORDER BY id LIMIT " + AT_ONCE, row -> {
            ids.add(row.getLong(1));
            candidates.add(Sha256.fromBytes(row.getBytes(2)));
        }, doneUpTo, dueUpTo.getAsLong());
        for (Sha256 block : candidates) {
            try {
                freeUnlessNamed(session, block);
            } catch (IOException e) {
                // The others need not wait for it: the next open of the store tries again
                LOG.debug("Block {}, which nothing names any more, cannot be deleted", block, disk.failed(e));
            }
        }
        if (!ids.isEmpty()) {
            doneUpTo = ids.getLast();
        }
        return ids.size() == AT_ONCE;
    }

    void freeUnlessNamed(SqlSession session, Sha256 block) throws SQLException, IOException {
        ReentrantLock lock = files.lockOf(block);
        lock.lock();
        try {
            if (!pins.isPinned(block) && !BlockReferences.isNamed(session, block)) {
                files.delete(block);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The database was exchanged for an empty one. */
    void reset() {
        doneUpTo = 0;
        released.clear();
    }
}
