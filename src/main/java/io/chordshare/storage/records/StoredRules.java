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
 * Brings a database that an older version wrote in line with {@link FileRules}: older versions stored whatever a peer
 * sent. Rows that break a rule are set aside in the table {@code refused}, for a person to look at. They are not used,
 * and the blocks that they name stay. Done once for each database.
 */
public final class StoredRules {

    /** Grows with the rules: what an earlier set of them let pass is looked at again. */
    private static final String VERSION = "1";
    /** Rows with their bodies in memory at once: at most some 5 MiB. */
    private static final int AT_ONCE = 50;
    private static final String USUAL_TYPE = "application/octet-stream";

    private static final Logger LOG = LoggerFactory.getLogger(StoredRules.class);

    private final SqlSession session;
    private final Instant now;
    private int records;
    private int lines;

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
            LOG.warn("What an older version stored is checked at the next start: {}", e.getMessage());
        }
    }

    private void run() throws SQLException {
        records();
        lines();
        // what an older version heard it believed: only what the records here say is sure
        session.update("""
                INSERT OR IGNORE INTO unchecked_line SELECT name FROM file_entry e WHERE NOT EXISTS (
                    SELECT 1 FROM record r WHERE r.key = e.key AND r.counter = e.counter AND r.writer = e.writer)""");
        session.update("INSERT OR REPLACE INTO meta (name, value) VALUES ('rules', ?)", VERSION);
        if (records + lines > 0) {
            LOG.warn("{} records and {} lines of the index break the rules for files. An older version stored them as "
                    + "a peer"
                    + " sent them. They are in the table 'refused' of the database now, and not in use", records,
                    lines);
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
            some = session.list("SELECT id, key, name, counter, writer, body FROM record WHERE id > ? ORDER BY id "
                    + "LIMIT ?",
                    StoredRecord::of, after, AT_ONCE);
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
            FileRecord record = RecordJson.read(body);
            boolean same = record.key().equals(stored.key()) && record.name().equals(RecordTable.text(stored.name()))
                    && record.version().equals(new Version(stored.counter(), stored.writer()));
            if (same && record.version().isExplainedBy(Version.NONE, now)) {
                session.update("UPDATE record SET body = ? WHERE id = ? AND body <> ?", body, stored.id(), body);
                return;
            }
            why = same ? "no writer can have come to its counter" : "its row is about another file";
        } catch (RuntimeException e) {
            // no JSON, another JSON, a rule: whatever it is, the row is at fault
            why = String.valueOf(e.getMessage());
        }
        records++;
        session.update("INSERT INTO refused (key, name, why, body) VALUES (?, ?, ?, ?)", stored.key(), stored.name(),
                why,
                stored.body());
        session.update("DELETE FROM record WHERE id = ?", stored.id());
    }

    /** Older versions kept media types of any length and form, which users had sent: the file is good. */
    private static byte[] withUsableType(byte[] body) {
        ObjectNode json = (ObjectNode) RecordJson.MAPPER.readTree(body);
        String type = json.path("contentType").asString("");
        return FileRules.isMediaType(type) ? body
                : RecordJson.MAPPER.writeValueAsBytes(json.put("contentType", USUAL_TYPE));
    }

    private void lines() throws SQLException {
        byte[] after = {};
        checkLine(after);
        List<byte[]> names;
        do {
            names = session.list("SELECT name FROM file_entry WHERE name > ? ORDER BY name LIMIT ?",
                    row -> row.getBytes(1),
                    after, AT_ONCE);
            for (byte[] name : names) {
                after = name;
                checkLine(name);
            }
        } while (names.size() == AT_ONCE);
    }

    private void checkLine(byte[] name) throws SQLException {
        String type = session.first("SELECT content_type FROM file_entry WHERE name = ?", row -> row.getString(1),
                (Object) name).orElse("");
        if (!FileRules.isMediaType(type)) {
            session.update("UPDATE file_entry SET content_type = ? WHERE name = ?", USUAL_TYPE, name);
        }
        List<String> problems = new ArrayList<>(1);
        session.each("SELECT " + FileEntryTable.ENTRY + " FROM file_entry WHERE name = ?", row -> {
            // what a column of another type or a text that is no time throws is nothing but the row's fault
            try {
                if (!FileEntryTable.entry(row).version().isExplainedBy(Version.NONE, now)) {
                    problems.add("no writer can have come to its counter");
                }
            } catch (RuntimeException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }, (Object) name);
        if (!problems.isEmpty()) {
            lines++;
            session.update("INSERT INTO refused (key, name, why, body) SELECT key, name, ?, ? FROM file_entry WHERE "
                    + "name = ?",
                    problems.getFirst(), "line".getBytes(StandardCharsets.UTF_8), name);
            session.update("DELETE FROM file_entry WHERE name = ?", (Object) name);
        }
    }
}
