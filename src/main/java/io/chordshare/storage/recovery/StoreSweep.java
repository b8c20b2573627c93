package io.chordshare.storage.recovery;

import io.chordshare.storage.blocks.BlockCollector;
import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.blocks.Unneeded;
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
 * Brings a directory in order before its node starts: what a crash left goes, what it interrupted is finished, and what
 * records and blocks say of each other is made to agree. Deletes only what somebody said is not needed: a block that no
 * record names stays.
 */
public final class StoreSweep {

    /** Rows that are held in memory at once. */
    private static final int AT_ONCE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StoreSweep.class);

    private final BlockFiles files;
    private final BlockCollector freeing;
    private final Database database;

    public StoreSweep(BlockFiles files, BlockCollector freeing, Database database) {
        this.files = files;
        this.freeing = freeing;
        this.database = database;
    }

    /** Nobody was told that any of it is kept. */
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

    /** @param continuous whether the database is the one that the blocks were kept with */
    public void run(boolean continuous) throws IOException {
        if (!continuous) {
            distrust();
        }
        finishUploads();
        tolerating(this::freeReplaced);
        tolerating(this::listUnnamed);
        tolerating(this::forgetVanished);
    }

    /** Work that the next start does again. */
    @FunctionalInterface
    private interface Work {
        public void run() throws IOException;
    }

    /** A disk without a free byte is no reason not to start. */
    private static void tolerating(Work work) throws IOException {
        try {
            work.run();
        } catch (StorageException e) {
            LOG.warn("The directory is not brought in order now, because the database takes nothing: {}",
                    e.getMessage());
        }
    }

    /** What the database, or the marks that another one left, say of blocks that are not needed is not believed. */
    private void distrust() throws IOException {
        files.forgetArriving();
        boolean holdsRecords = database.write(session -> {
            session.update("DELETE FROM freeable");
            Schema.beginEpoch(session);
            return session.exists("SELECT 1 FROM record");
        });
        if (holdsRecords) {
            LOG.warn("The database is not the one that this node used last: it was restored, or replaced. No block is"
                    + " deleted because of that. What is newer elsewhere comes from the other nodes of the ring");
        }
    }

    /** No upload is open yet: those of which a mark is left were cut off. */
    private void finishUploads() throws IOException {
        for (Sha256 block : files.arriving()) {
            database.read(session -> {
                freeing.freeReleased(session, block, Unneeded.CUT_OFF);
                return true;
            });
        }
    }

    /** Nobody reads a block across a restart, so those that lost their names go now. */
    private void freeReplaced() {
        boolean more = true;
        while (more) {
            more = database.write(session -> {
                List<Sha256> some = session.list("SELECT hash FROM freeable ORDER BY id LIMIT " + AT_ONCE,
                        row -> Sha256.fromBytes(row.getBytes(1)));
                for (Sha256 block : some) {
                    freeing.freeReplaced(session, block);
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
     * Somebody, or something, deleted blocks, or they were set aside just before a crash: records must not call
     * themselves complete, or others would count on them, nor may the list name them.
     */
    private void forgetVanished() {
        forgetVanished("""
                SELECT DISTINCT block_ref.hash FROM block_ref JOIN record ON record.key = block_ref.key
                WHERE record.complete = 1 AND block_ref.hash > ? ORDER BY block_ref.hash LIMIT """ + " " + AT_ONCE,
                BlockReferences::markMissing);
        forgetVanished("SELECT hash FROM orphan WHERE hash > ? ORDER BY hash LIMIT " + AT_ONCE, OrphanTable::remove);
    }

    /** What is done about a block that is not there. */
    @FunctionalInterface
    private interface Vanished {
        void forget(SqlSession session, Sha256 block) throws SQLException;
    }

    private void forgetVanished(String page, Vanished vanished) {
        byte[] last = new byte[0];
        List<Sha256> some;
        do {
            byte[] after = last;
            some = database.read(session -> session.list(page, row -> Sha256.fromBytes(row.getBytes(1)), after));
            List<Sha256> missing = some.stream().filter(block -> !files.has(block)).toList();
            if (!missing.isEmpty()) {
                database.write(session -> {
                    for (Sha256 block : missing) {
                        vanished.forget(session, block);
                    }
                    return true;
                });
            }
            last = some.isEmpty() ? last : some.getLast().toBytes();
        } while (some.size() == AT_ONCE);
    }
}
