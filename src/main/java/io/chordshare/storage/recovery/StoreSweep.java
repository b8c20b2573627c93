package io.chordshare.storage.recovery;

import io.chordshare.storage.blocks.BlockCollector;
import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.blocks.DeletionReason;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.Schema;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.records.BlockReferences;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up a directory before its node starts: deletes leftovers of a crash, finishes interrupted work, and makes
 * records and blocks consistent. Deletes a block only for one of the reasons in {@link DeletionReason}; a block without
 * a record is kept.
 */
public final class StoreSweep {

    /** Rows in memory at once. */
    private static final int AT_ONCE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StoreSweep.class);

    private final BlockFiles files;
    private final BlockCollector collector;
    private final Database database;

    public StoreSweep(BlockFiles files, BlockCollector collector, Database database) {
        this.files = files;
        this.collector = collector;
        this.database = database;
    }

    /** Deletes temporary files. Nothing in them was acknowledged. */
    public static void temporaries(Layout layout) throws IOException {
        DurableFiles.empty(layout.temporary());
    }

    public static void createDirectories(Layout layout) throws IOException {
        DurableFiles.createDirectory(layout.temporary());
        DurableFiles.createDirectory(layout.aside());
        DurableFiles.createDirectory(layout.data());
        DurableFiles.createDirectory(layout.blocks());
        DurableFiles.createDirectory(layout.arriving());
        DurableFiles.createDirectory(layout.quarantine());
    }

    /** @param databaseMatches whether the database belongs to these blocks, see {@link SessionToken} */
    public void run(boolean databaseMatches) throws IOException {
        if (!databaseMatches) {
            discardReasons();
        }
        finishUploads();
        runIfPossible(this::freeReplaced);
        runIfPossible(this::listUnnamed);
        runIfPossible(this::forgetMissing);
    }

    /** Work that the next start repeats. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** Runs {@code work}, but starts the node even if the disk is completely full. */
    private static void runIfPossible(Work work) throws IOException {
        try {
            work.run();
        } catch (StorageException e) {
            LOG.warn("The clean-up of the data directory is not complete, because the database cannot be written: {}",
                    e.getMessage());
        }
    }

    /** Discards all reasons for deleting blocks: they come from another database. */
    private void discardReasons() throws IOException {
        files.forgetArriving();
        boolean holdsRecords = database.write(session -> {
            session.update("DELETE FROM freeable");
            Schema.beginEpoch(session, database.newId());
            return session.exists("SELECT 1 FROM record");
        });
        if (holdsRecords) {
            LOG.warn("The database is not the one that this node used last: it was restored or replaced. No block is"
                    + " deleted because of that. Newer records come from the other nodes of the ring");
        }
    }

    /** No upload is open yet, so every mark belongs to an upload that was cut off. */
    private void finishUploads() throws IOException {
        for (Sha256 block : files.arriving()) {
            database.read(session -> {
                collector.freeReleased(session, block, DeletionReason.CUT_OFF);
                return true;
            });
        }
    }

    /** Deletes the blocks that lost their last name. No client reads a block across a restart. */
    private void freeReplaced() {
        boolean more = true;
        while (more) {
            more = database.write(session -> {
                List<Sha256> some = session.list("SELECT hash FROM freeable ORDER BY id LIMIT " + AT_ONCE,
                        row -> Sha256.fromBytes(row.getBytes(1)));
                for (Sha256 block : some) {
                    collector.freeReplaced(session, block);
                }
                session.update("DELETE FROM freeable WHERE id IN (SELECT id FROM freeable ORDER BY id LIMIT "
                        + AT_ONCE + ")");
                return some.size() == AT_ONCE;
            });
        }
    }

    private void listUnnamed() throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Sha256> found = new ArrayList<>();
        for (Path leaf : files.leaves()) {
            for (Sha256 block : files.in(leaf)) {
                boolean known = database.read(session -> BlockReferences.isNamed(session, block)
                        || OrphanTable.has(session, block));
                if (!known) {
                    found.add(block);
                }
            }
            if (found.size() >= AT_ONCE) {
                list(found, now);
            }
        }
        list(found, now);
    }

    private void list(List<Sha256> found, Instant now) {
        if (!found.isEmpty()) {
            database.write(session -> {
                for (Sha256 block : found) {
                    OrphanTable.add(session, block, files.bytesOnDisk(block), now);
                }
                return true;
            });
            found.clear();
        }
    }

    /**
     * Finds blocks that disappeared: somebody deleted them, or they were quarantined just before a crash. Their records
     * must not count as complete, because other nodes rely on that. The list of orphans must not name them.
     */
    private void forgetMissing() {
        forgetMissing("""
                SELECT DISTINCT block_ref.hash FROM block_ref JOIN record ON record.key = block_ref.key
                WHERE record.complete = 1 AND block_ref.hash > ? ORDER BY block_ref.hash LIMIT """ + " " + AT_ONCE,
                BlockReferences::markMissing);
        forgetMissing("SELECT hash FROM orphan WHERE hash > ? ORDER BY hash LIMIT " + AT_ONCE, OrphanTable::remove);
    }

    /** What to do about a missing block. */
    @FunctionalInterface
    private interface MissingBlock {
        void forget(SqlSession session, Sha256 block) throws SQLException;
    }

    private void forgetMissing(String page, MissingBlock missingBlock) {
        byte[] last = new byte[0];
        List<Sha256> some;
        do {
            byte[] after = last;
            some = database.read(session -> session.list(page, row -> Sha256.fromBytes(row.getBytes(1)), after));
            List<Sha256> missing = some.stream().filter(block -> !files.has(block)).toList();
            if (!missing.isEmpty()) {
                database.write(session -> {
                    for (Sha256 block : missing) {
                        missingBlock.forget(session, block);
                    }
                    return true;
                });
            }
            last = some.isEmpty() ? last : some.getLast().toBytes();
        } while (some.size() == AT_ONCE);
    }
}
