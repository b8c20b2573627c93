package io.chordshare.storage.records;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads and writes the rows of the index. */
final class FileEntryTable {

    /** The columns that {@link #entry} reads, in its order. */
    static final String ENTRY =
            "name, key, counter, writer, deleted, size, sha256, content_type, modified, copies";
    /** No record of the name is here, or not all bytes of its version. */
    private static final int NOT_HERE = 0;
    /** The record here is older than the line. */
    private static final int OUTDATED = 2;
    /** Greater than every byte of UTF-8. */
    private static final byte[] END = {(byte) 0xff};

    private FileEntryTable() {}

    /** Whether the entry is newer than the stored one, or differs from it at the same version. */
    static boolean isNews(SqlSession session, FileEntry entry) throws SQLException {
        Optional<FileEntry> here = get(session, entry.name());
        return here.isEmpty() || !here.get().version().isNewerThan(entry.version()) && !here.get().equals(entry);
    }

    /** Stores the entry, which was checked, if it is news. Returns whether it was. */
    static boolean merge(SqlSession session, FileEntry entry) throws SQLException {
        byte[] name = RecordTable.bytes(entry.name());
        boolean news = isNews(session, entry);
        if (news || get(session, entry.name()).filter(entry::equals).isPresent()) {
            session.update("DELETE FROM unchecked_line WHERE name = ?", (Object) name);
        }
        if (!news) {
            return false;
        }
        Version version = entry.version();
        int here = session.first("SELECT counter = ? AND writer = ?, complete FROM record WHERE key = ?",
                row -> row.getInt(1) == 0 ? OUTDATED : row.getInt(2), version.counter(), version.writer(),
                entry.key()).orElse(NOT_HERE);
        session.update("INSERT OR REPLACE INTO file_entry (" + ENTRY + ", here, seq) "
                        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM "
                        + "file_entry))",
                name, entry.key(), version.counter(), version.writer(), entry.deleted(), entry.size(), entry.sha256(),
                entry.contentType(), entry.modified().toString(), entry.copies().count(), here);
        return true;
    }

    static Version checkedVersion(SqlSession session, String name) throws SQLException {
        return session.first("""
                SELECT counter, writer FROM file_entry e WHERE name = ?
                    AND NOT EXISTS (SELECT 1 FROM unchecked_line u WHERE u.name = e.name)""",
                row -> new Version(row.getLong(1), row.getString(2)), (Object) RecordTable.bytes(name))
                        .orElse(Version.NONE);
    }

    static List<FileEntry> unchecked(SqlSession session, int limit) throws SQLException {
        return session.list("SELECT " + ENTRY
                + " FROM file_entry WHERE name IN (SELECT name FROM unchecked_line LIMIT ?)",
                FileEntryTable::entry, limit);
    }

    static void forget(SqlSession session, FileEntry entry) throws SQLException {
        byte[] name = RecordTable.bytes(entry.name());
        int unchecked = session.update("DELETE FROM unchecked_line WHERE name = ?", (Object) name);
        if (unchecked > 0) {
            session.update("DELETE FROM file_entry WHERE name = ? AND counter = ? AND writer = ?", name,
                    entry.version().counter(), entry.version().writer());
        }
    }

    static Optional<FileEntry> get(SqlSession session, String name) throws SQLException {
        return session.first("SELECT " + ENTRY + " FROM file_entry WHERE name = ?", FileEntryTable::entry,
                (Object) RecordTable.bytes(name));
    }

    /** The names from {@code from} ({@code inclusive} or not) up to {@code end}, exclusive. */
    static List<FileEntry> page(SqlSession session, byte[] from, boolean inclusive, byte[] end, int limit)
            throws SQLException {
        return session.list("SELECT " + ENTRY + " FROM file_entry WHERE name " + (inclusive ? ">=" : ">")
                + " ? AND name < ? AND deleted = 0 ORDER BY name LIMIT ?", FileEntryTable::entry, from, end, limit);
    }

    /**
     * The least bytes that are greater than all names with this prefix. UTF-8 has no byte 0xff, so adding 1 never
     * overflows.
     */
    static byte[] endOf(byte[] prefix) {
        if (prefix.length == 0) {
            return END.clone();
        }
        byte[] end = prefix.clone();
        end[end.length - 1]++;
        return end;
    }

    static IndexChanges changesSince(SqlSession session, long after, int limit) throws SQLException {
        long[] last = {after};
        List<FileEntry> entries = session.list("SELECT " + ENTRY + ", seq FROM file_entry WHERE seq > ? "
                + "ORDER BY seq LIMIT ?", row -> {
                    last[0] = row.getLong("seq");
                    return entry(row);
                }, after, limit);
        return new IndexChanges(epoch(session), entries, last[0]);
    }

    static long lastChange(SqlSession session) throws SQLException {
        return session.first("SELECT coalesce(max(seq), 0) FROM file_entry", row -> row.getLong(1)).orElseThrow();
    }

    static String epoch(SqlSession session) throws SQLException {
        return session.first("SELECT value FROM meta WHERE name = 'epoch'", row -> row.getString(1)).orElseThrow();
    }

    static List<FileEntry> lacking(SqlSession session, int moreThan, int limit, int skip) throws SQLException {
        return session.list("SELECT " + ENTRY + " FROM file_entry WHERE deleted = 0 AND here = 0 AND copies > ? "
                + "ORDER BY copies DESC, seq LIMIT ? OFFSET ?", FileEntryTable::entry, moreThan, limit, skip);
    }

    /** Lines that are newer than the record of their name here. */
    static List<FileEntry> outdated(SqlSession session, int limit, int skip) throws SQLException {
        return session.list("SELECT " + ENTRY + " FROM file_entry WHERE here = 2 ORDER BY seq LIMIT ? OFFSET ?",
                FileEntryTable::entry, limit, skip);
    }

    static FileEntry entry(ResultSet row) throws SQLException {
        return new FileEntry(row.getString(2), RecordTable.text(row.getBytes(1)),
                new Version(row.getLong(3), row.getString(4)), row.getInt(5) != 0, row.getLong(6),
                Sha256.fromBytes(row.getBytes(7)), row.getString(8), Instant.parse(row.getString(9)),
                new Copies(row.getInt(10)));
    }
}
