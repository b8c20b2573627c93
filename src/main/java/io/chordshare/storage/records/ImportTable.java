package io.chordshare.storage.records;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.records.SlotRecords.Keys;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that count no more where they were, and wait to be written into the ring as it is now. */
final class ImportTable {

    /** Before the key of a record that waits to be imported, where its blocks are named. */
    private static final String IMPORT = "import:";

    private ImportTable() {}

    /** Sets the records of a range aside, with the names of their blocks: also that files were deleted. */
    static void setAside(SqlSession session, BlockReferences references, Keys keys) throws SQLException {
        keepTheNewest(session, references, keys);
        session.update("""
                INSERT OR REPLACE INTO import (key, size, body) SELECT key, size, body FROM record
                WHERE key >= ? AND key <= ?""", keys.from(), keys.to());
        session.update("UPDATE OR IGNORE block_ref SET key = '" + IMPORT
                + "' || key WHERE key >= ? AND key <= ? AND key IN (SELECT key FROM import)", keys.from(), keys.to());
        session.update("DELETE FROM block_ref WHERE key IN (SELECT key FROM record WHERE key >= ? AND key <= ?)",
                keys.from(), keys.to());
        session.update("DELETE FROM expanded WHERE key >= ? AND key <= ?", keys.from(), keys.to());
        session.update("DELETE FROM record WHERE key >= ? AND key <= ?", keys.from(), keys.to());
    }

    /** A file may wait already, from a ring before. Of two the one with the later date stays. */
    private static void keepTheNewest(SqlSession session, BlockReferences references, Keys keys) throws SQLException {
        for (String key : session.list("""
                SELECT key FROM import WHERE key >= ? AND key <= ?
                    AND key IN (SELECT key FROM record)""",
                row -> row.getString(1), keys.from(), keys.to())) {
            FileRecord waiting = session.first("SELECT body FROM import WHERE key = ?",
                    row -> RecordBody.read(row.getBytes(1)), key).orElseThrow();
            FileRecord here = RecordTable.record(session, key).orElseThrow();
            if (waiting.modified().isAfter(here.modified())) {
                references.remove(session, key);
                session.update("DELETE FROM record WHERE key = ?", key);
            } else {
                references.remove(session, IMPORT + key);
            }
        }
    }

    /** In order of keys, after {@code after}. */
    static List<FileRecord> page(SqlSession session, @Nullable String after, int limit) throws SQLException {
        return session.list("SELECT body FROM import WHERE key > ? ORDER BY key LIMIT ?",
                row -> RecordBody.read(row.getBytes(1)), after == null ? "" : after, limit);
    }

    static long count(SqlSession session) throws SQLException {
        return session.first("SELECT count(*) FROM import", row -> row.getLong(1)).orElse(0L);
    }

    /** Unless another record of the name has come to wait meanwhile. */
    static int remove(SqlSession session, BlockReferences references, FileRecord record) throws SQLException {
        FileRecord waiting = session.first("SELECT body FROM import WHERE key = ?",
                row -> RecordBody.read(row.getBytes(1)), record.key()).orElse(null);
        if (waiting == null || !waiting.version().equals(record.version())) {
            return 0;
        }
        references.remove(session, IMPORT + record.key());
        return session.update("DELETE FROM import WHERE key = ?", record.key());
    }
}
