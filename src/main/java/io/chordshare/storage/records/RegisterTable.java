package io.chordshare.storage.records;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.SlotRecords.Line;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes records together with the promises for their names. */
final class RegisterTable {

    private RegisterTable() {}

    /** In one statement, so that both are of one moment. */
    static StoredRegister read(SqlSession session, String key) throws SQLException {
        return session.first("""
                SELECT r.body, r.complete, p.counter, p.writer FROM (SELECT ? AS key) k
                LEFT JOIN record r ON r.key = k.key LEFT JOIN promise p ON p.key = k.key""",
                RegisterTable::register, key).orElse(StoredRegister.EMPTY);
    }

    private static StoredRegister register(ResultSet row) throws SQLException {
        byte[] body = row.getBytes(1);
        FileRecord record = body == null ? null : RecordBody.read(body);
        return new StoredRegister(record, version(row, 3), record == null || row.getInt(2) != 0);
    }

    private static Version version(ResultSet row, int column) throws SQLException {
        String writer = row.getString(column + 1);
        return writer == null ? Version.NONE : new Version(row.getLong(column), writer);
    }

    static void promise(SqlSession session, String key, Version version) throws SQLException {
        if (version.equals(Version.NONE)) {
            session.update("DELETE FROM promise WHERE key = ?", key);
        } else {
            session.update("INSERT OR REPLACE INTO promise (key, counter, writer) VALUES (?, ?, ?)", key,
                    version.counter(), version.writer());
        }
    }

    /** In order of keys, with keys from {@code from} to {@code to}, after {@code after}. */
    static List<Line> lines(SqlSession session, String from, String to, @Nullable String after, int limit)
            throws SQLException {
        String first = after == null || after.compareTo(from) < 0 ? from : after + " ";
        return session.list("""
                SELECT k.key, r.counter, r.writer, p.counter, p.writer, r.copies, r.deleted, r.complete
                FROM (
                    SELECT key FROM record WHERE key >= ?1 AND key <= ?2
                    UNION SELECT key FROM promise WHERE key >= ?1 AND key <= ?2 ORDER BY key LIMIT ?3) k
                LEFT JOIN record r ON r.key = k.key LEFT JOIN promise p ON p.key = k.key ORDER BY k.key""",
                RegisterTable::line, first, to, limit);
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(row.getString(1), version(row, 2), version(row, 4), row.getInt(6), row.getInt(7) != 0,
                row.getString(3) == null || row.getInt(8) != 0);
    }

    /** Records of a range whose bytes are not all here, of those that want more than {@code rank} copies. */
    static List<FileRecord> lacking(SqlSession session, String from, String to, int rank, int limit)
            throws SQLException {
        return session.list("""
                SELECT body FROM record WHERE complete = 0 AND deleted = 0 AND key >= ? AND key <= ? AND copies > ?
                ORDER BY key LIMIT ?""", row -> RecordBody.read(row.getBytes(1)), from, to, rank, limit);
    }
}
