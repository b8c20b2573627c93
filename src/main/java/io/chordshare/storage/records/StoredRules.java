package io.chordshare.storage.records;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.Version;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a database of an older version against {@link FileRules}, because older versions stored everything that a peer
 * sent. Rows that break a rule are moved to the table {@code refused}, for a person to inspect. They are not used, and
 * their blocks are kept. Runs once per database.
 */
public final class StoredRules {

    /** The version of the rules. When it grows, all rows are checked again. */
    private static final String VERSION = "1";
    /** Rows in memory at once: at most about 5 MiB with their bodies. */
    private static final int AT_ONCE = 50;
    private static final String USUAL_TYPE = "application/octet-stream";

    private static final Logger LOG = LoggerFactory.getLogger(StoredRules.class);

    private final SqlSession session;
    private final Instant now;
    private int records;
    private int entries;

    private StoredRules(SqlSession session, Instant now) {
        this.session = session;
        this.now = now;
    }

    public static void enforce(Database database, Instant now) {
        try {
            database.write(session -> {
                boolean done = session.exists("SELECT 1 FROM meta WHERE name = 'rules' AND value = ?", VERSION);
                if (!done) {
                    new StoredRules(session, now).run();
                }
                return done;
            });
        } catch (StorageException e) {
            LOG.warn("The data of an older version is checked at the next start instead: {}", e.getMessage());
        }
    }

    private void run() throws SQLException {
        records();
        entries();
        // An older version believed what it heard. Only entries that match a record here are certain
        session.update("""
                INSERT OR IGNORE INTO unchecked_line SELECT name FROM file_entry e WHERE NOT EXISTS (
                    SELECT 1 FROM record r WHERE r.key = e.key AND r.counter = e.counter AND r.writer = e.writer)""");
        session.update("INSERT OR REPLACE INTO meta (name, value) VALUES ('rules', ?)", VERSION);
        if (records + entries > 0) {
            LOG.warn("{} records and {} index entries break the rules for files. An older version stored them as a peer"
                    + " sent them. They are now in the table 'refused' of the database, and not in use", records,
                    entries);
        }
    }

    private record StoredRecord(long id, String key, byte[] name, long counter, String writer, byte[] body) {

        static StoredRecord of(ResultSet row) throws SQLException {
            return new StoredRecord(row.getLong(1), row.getString(2), row.getBytes(3), row.getLong(4), row.getString(5),
                    row.getBytes(6));
        }
    }

    private void records() throws SQLException {
        long after = Long.MIN_VALUE;
        List<StoredRecord> some;
        do {
            some = session.list("SELECT id, key, name, counter, writer, body FROM record WHERE id > ?"
                    + " ORDER BY id LIMIT ?", StoredRecord::of, after, AT_ONCE);
            for (StoredRecord stored : some) {
                check(stored);
                after = stored.id();
            }
        } while (some.size() == AT_ONCE);
    }

    private void check(StoredRecord stored) throws SQLException {
        String why;
        try {
            byte[] body = withUsableType(stored.body());
            FileRecord record = RecordBody.read(body);
            boolean same = record.key().equals(stored.key()) && record.name().equals(RecordTable.text(stored.name()))
                    && record.version().equals(new Version(stored.counter(), stored.writer()));
            if (same && record.version().isExplainedBy(Version.NONE, now)) {
                session.update("UPDATE record SET body = ? WHERE id = ? AND body <> ?", body, stored.id(), body);
                return;
            }
            why = same ? "no writer can have reached its counter" : "its row is about another file";
        } catch (RuntimeException e) {
            // No record at all or a broken rule: in each case the row is at fault
            why = String.valueOf(e.getMessage());
        }
        records++;
        session.update("INSERT INTO refused (key, name, why, body) VALUES (?, ?, ?, ?)", stored.key(), stored.name(),
                why, stored.body());
        session.update("DELETE FROM record WHERE id = ?", stored.id());
    }

    /** Older versions accepted any media type from users. The file is still good, so only the type is replaced. */
    private static byte[] withUsableType(byte[] body) {
        ObjectNode record = RecordBody.tree(body);
        String type = record.path("contentType").asString("");
        return FileRules.isMediaType(type) ? body : RecordBody.write(record.put("contentType", USUAL_TYPE));
    }

    private void entries() throws SQLException {
        byte[] after = {};
        checkEntry(after);
        List<byte[]> names;
        do {
            names = session.list("SELECT name FROM file_entry WHERE name > ? ORDER BY name LIMIT ?",
                    row -> row.getBytes(1), after, AT_ONCE);
            for (byte[] name : names) {
                after = name;
                checkEntry(name);
            }
        } while (names.size() == AT_ONCE);
    }

    private void checkEntry(byte[] name) throws SQLException {
        String type = session.first("SELECT content_type FROM file_entry WHERE name = ?", row -> row.getString(1),
                (Object) name).orElse("");
        if (!FileRules.isMediaType(type)) {
            session.update("UPDATE file_entry SET content_type = ? WHERE name = ?", USUAL_TYPE, name);
        }
        List<String> problems = new ArrayList<>(1);
        session.each("SELECT " + FileEntryTable.ENTRY + " FROM file_entry WHERE name = ?", row -> {
            // A wrong column type or an invalid time throws: the row is at fault
            try {
                if (!FileEntryTable.entry(row).version().isExplainedBy(Version.NONE, now)) {
                    problems.add("no writer can have reached its counter");
                }
            } catch (RuntimeException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }, (Object) name);
        if (!problems.isEmpty()) {
            entries++;
            session.update("INSERT INTO refused (key, name, why, body)"
                    + " SELECT key, name, ?, ? FROM file_entry WHERE name = ?", problems.getFirst(),
                    "line".getBytes(StandardCharsets.UTF_8), name);
            session.update("DELETE FROM file_entry WHERE name = ?", (Object) name);
        }
    }
}
