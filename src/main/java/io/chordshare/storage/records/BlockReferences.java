package io.chordshare.storage.records;

import io.chordshare.storage.blocks.BlockCollector;
import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.blocks.BlockReader;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.error.CorruptBlockException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.ListBlock;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.recovery.OrphanTable;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which record names which blocks, and whether these blocks are here. Only the writer uses it. */
public final class BlockReferences {

    private static final Logger LOG = LoggerFactory.getLogger(BlockReferences.class);

    private final BlockFiles files;
    private final Disk disk;
    private final LongSupplier clock;
    /** Whether a block was set aside since somebody asked. */
    private boolean loss;

    /** @param clock milliseconds; must be the clock of {@link BlockCollector} */
    public BlockReferences(BlockFiles files, Disk disk, LongSupplier clock) {
        this.files = files;
        this.disk = disk;
        this.clock = clock;
    }

    /** Stores the names of all blocks of {@code record}, as far as its list blocks are here. */
    void add(SqlSession session, FileRecord record) throws SQLException, IOException {
        for (Sha256 block : record.content().blocks()) {
            name(session, block, record.key());
        }
        for (Sha256 list : record.content().listBlocks()) {
            name(session, list, record.key());
            if (files.has(list) && !isExpanded(session, record.key(), list)) {
                for (Sha256 block : read(session, list)) {
                    name(session, block, record.key());
                }
                // A damaged list block was just quarantined; it is read again after it was fetched
                if (files.has(list)) {
                    session.update("INSERT INTO expanded (key, hash) VALUES (?, ?)", record.key(), list);
                }
            }
        }
    }

    private static void name(SqlSession session, Sha256 block, String key) throws SQLException {
        session.update("INSERT OR IGNORE INTO block_ref (hash, key) VALUES (?, ?)", block, key);
        OrphanTable.remove(session, block);
    }

    private static boolean isExpanded(SqlSession session, String key, Sha256 list) throws SQLException {
        return session.exists("SELECT 1 FROM expanded WHERE key = ? AND hash = ?", key, list);
    }

    /** Removes all names of the record with this key. The blocks are checked after the commit. */
    void remove(SqlSession session, String key) throws SQLException {
        session.update("INSERT INTO freeable (hash, at) SELECT hash, ? FROM block_ref WHERE key = ?",
                clock.getAsLong(), key);
        session.update("DELETE FROM block_ref WHERE key = ?", key);
        session.update("DELETE FROM expanded WHERE key = ?", key);
    }

    public static boolean isNamed(SqlSession session, Sha256 block) throws SQLException {
        return session.exists("SELECT 1 FROM block_ref WHERE hash = ?", block);
    }

    /** Whether all bytes of the record are on this node. */
    boolean complete(SqlSession session, FileRecord record) throws SQLException, IOException {
        Content content = record.content();
        if (record.deleted() || content.inline() != null) {
            return true;
        }
        if (content.blocks().isEmpty() && content.listBlocks().isEmpty()) {
            return record.size() == 0;
        }
        for (Sha256 block : content.blocks()) {
            if (!files.has(block)) {
                return false;
            }
        }
        for (Sha256 list : content.listBlocks()) {
            if (!completeList(session, list)) {
                return false;
            }
        }
        return true;
    }

    private boolean completeList(SqlSession session, Sha256 list) throws SQLException, IOException {
        if (!files.has(list)) {
            return false;
        }
        List<Sha256> blocks = read(session, list);
        return !blocks.isEmpty() && blocks.stream().allMatch(files::has);
    }

    /**
     * The hashes in a list block; none when the block is unusable. A damaged block is quarantined, to be fetched again.
     */
    private List<Sha256> read(SqlSession session, Sha256 list) throws SQLException, IOException {
        byte[] bytes = new byte[ListBlock.MAX_BYTES];
        try (BlockReader reader = BlockReader.open(files.path(list), list, disk)) {
            // Read, and so verify, before checking the length: a damaged block may have any length
            int length = Math.max(0, reader.read(0, bytes, 0, bytes.length));
            if (reader.length() > bytes.length || !ListBlock.isLength(length)) {
                LOG.warn("A record names block {} as a list of blocks, but it is not one", list);
                return List.of();
            }
            return ListBlock.decode(Arrays.copyOf(bytes, length));
        } catch (CorruptBlockException e) {
            LOG.warn("A list block is damaged and moved to quarantine", e);
            quarantine(session, list);
            return List.of();
        }
    }

    /** Quarantines a damaged block and marks the records that name it as incomplete. */
    public void quarantine(SqlSession session, Sha256 block) throws SQLException, IOException {
        files.quarantine(block);
        markMissing(session, block);
        loss = true;
    }

    /** Whether a block was set aside since the last call. */
    boolean takeLoss() {
        boolean was = loss;
        loss = false;
        return was;
    }

    public static void markMissing(SqlSession session, Sha256 block) throws SQLException {
        session.update("""
                UPDATE record SET complete = 0 WHERE complete = 1 AND deleted = 0
                    AND key IN (SELECT key FROM block_ref WHERE hash = ?)""", block);
    }
}
