package io.chordshare.storage.records;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.model.Backlog;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Totals;
import io.chordshare.storage.model.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads and writes the rows of records. */
public final class RecordTable {

    /** The columns that {@link #state} reads, in its order. */
    private static final String STATE = "key, name, counter, writer, deleted, size, copies, complete, wanted";

    private RecordTable() {}

    static Optional<FileRecord> record(SqlSession session, String key) throws SQLException {
        return session.first("SELECT body FROM record WHERE key = ?", row -> RecordJson.read(row.getBytes(1)), key);
    }

    static Optional<RecordState> state(SqlSession session, String key) throws SQLException {
        return session.first("SELECT " + STATE + " FROM record WHERE key = ?", RecordTable::state, key);
    }

    /** The states with keys in (after, last], in order. */
    public static List<RecordState> between(SqlSession session, String after, String last, int limit)
            throws SQLException {
        return session.list("SELECT " + STATE + " FROM record WHERE key > ? AND key <= ? ORDER BY key LIMIT ?",
                RecordTable::state, after, last, limit);
    }

    /** The states with keys after {@code after}, in order. */
    public static List<RecordState> after(SqlSession session, String after, int limit) throws SQLException {
        return session.list("SELECT " + STATE + " FROM record WHERE key > ? ORDER BY key LIMIT ?",
                RecordTable::state, after, limit);
    }

    static List<FileEntry> incomplete(SqlSession session, int limit, int skip) throws SQLException {
        return session.list("""
                SELECT body FROM record WHERE wanted = 1 AND complete = 0 AND deleted = 0 ORDER BY id
                LIMIT ? OFFSET ?""", row -> RecordJson.read(row.getBytes(1)).entry(), limit, skip);
    }

    static Backlog backlog(SqlSession session) throws SQLException {
        return session.first("""
                SELECT count(*), coalesce(sum(size), 0) FROM record
                WHERE wanted = 1 AND complete = 0 AND deleted = 0""",
                row -> new Backlog(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    static Totals totals(SqlSession session) throws SQLException {
        return session.first("""
                SELECT count(*), coalesce(sum(CASE WHEN complete = 1 THEN size ELSE 0 END), 0) FROM record
                WHERE deleted = 0""", row -> new Totals(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    /** Replaces the stored version. The row gets a new id, so "oldest first" means order of arrival. */
    static void replace(SqlSession session, FileRecord record, byte[] body, boolean complete, boolean wanted)
            throws SQLException {
        session.update("DELETE FROM record WHERE key = ?", record.key());
        session.update("""
                INSERT INTO record (key, name, counter, writer, deleted, size, copies, complete, wanted, fingerprint,
                    body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                record.key(), bytes(record.name()), record.version().counter(), record.version().writer(),
                record.deleted(), record.size(), record.copies().count(), complete, wanted, fingerprint(record), body);
    }

    static boolean setWanted(SqlSession session, String key, boolean wanted) throws SQLException {
        return session.update("UPDATE record SET wanted = ? WHERE key = ? AND wanted <> ?", wanted, key, wanted) > 0;
    }

    static boolean setComplete(SqlSession session, String key, boolean complete) throws SQLException {
        return session.update("UPDATE record SET complete = ? WHERE key = ? AND complete <> ?", complete, key,
                complete) > 0;
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    private static RecordState state(ResultSet row) throws SQLException {
        return new RecordState(row.getString(1), text(row.getBytes(2)),
                new Version(row.getLong(3), row.getString(4)), row.getInt(5) != 0, row.getLong(6),
                new Copies(row.getInt(7)), row.getInt(8) != 0, row.getInt(9) != 0);
    }

    /** 64 bits of hash over key and version. The digest of a range is the sum of these. */
    private static long fingerprint(FileRecord record) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(record.key().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, record.version().counter()));
        digest.update(record.version().writer().getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest.digest()).getLong();
    }
}
