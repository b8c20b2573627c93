package io.chordshare.storage.records;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Totals;
import io.chordshare.storage.model.Version;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Reads and writes the rows of records. */
final class RecordTable {

    private RecordTable() {}

    static Optional<FileRecord> record(SqlSession session, String key) throws SQLException {
        return session.first("SELECT body FROM record WHERE key = ?", row -> RecordBody.read(row.getBytes(1)), key);
    }

    static Optional<RecordState> state(SqlSession session, String key) throws SQLException {
        return session.first("SELECT key, name, counter, writer, deleted, complete FROM record WHERE key = ?",
                RecordTable::state, key);
    }

    static Totals totals(SqlSession session) throws SQLException {
        return session.first("""
                SELECT count(*), coalesce(sum(CASE WHEN complete = 1 THEN size ELSE 0 END), 0) FROM record
                WHERE deleted = 0""", row -> new Totals(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    /** Replaces the stored version. */
    static void replace(SqlSession session, FileRecord record, byte[] body, boolean complete) throws SQLException {
        session.update("""
                INSERT OR REPLACE INTO record (key, name, counter, writer, deleted, size, copies, complete, wanted,
                    fingerprint, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)""",
                record.key(), bytes(record.name()), record.version().counter(), record.version().writer(),
                record.deleted(), record.size(), record.copies().count(), complete, body);
    }

    static void setComplete(SqlSession session, String key, boolean complete) throws SQLException {
        session.update("UPDATE record SET complete = ? WHERE key = ? AND complete <> ?", complete, key, complete);
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    private static RecordState state(ResultSet row) throws SQLException {
        return new RecordState(row.getString(1), text(row.getBytes(2)), new Version(row.getLong(3), row.getString(4)),
                row.getInt(5) != 0, row.getInt(6) != 0);
    }
}
