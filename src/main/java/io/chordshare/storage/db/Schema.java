package io.chordshare.storage.db;

import java.sql.SQLException;
import java.util.List;

/** The tables of one node's database. */
public final class Schema {

    private static final List<String> TABLES = List.of("""
            CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
            // The body is the last column, so queries skip it. Nobody reads wanted and fingerprint any more, but
            // databases of older versions have them
            """
            CREATE TABLE IF NOT EXISTS record (
                id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name BLOB NOT NULL,
                counter INTEGER NOT NULL, writer TEXT NOT NULL, deleted INTEGER NOT NULL, size INTEGER NOT NULL,
                copies INTEGER NOT NULL, complete INTEGER NOT NULL, wanted INTEGER NOT NULL,
                fingerprint INTEGER NOT NULL, body BLOB NOT NULL)""",
            "DROP INDEX IF EXISTS record_digest",
            "DROP INDEX IF EXISTS record_backlog",
            // Totals have an index of their own, so they read no body
            "CREATE INDEX IF NOT EXISTS record_totals ON record (deleted, complete, size)",
            // Whose bytes may be missing here
            "CREATE INDEX IF NOT EXISTS record_lacking ON record (key, copies) WHERE complete = 0 AND deleted = 0",
            // The highest version that was promised to a writer, whether there is a record or not
            """
            CREATE TABLE IF NOT EXISTS promise (
                key TEXT PRIMARY KEY, counter INTEGER NOT NULL, writer TEXT NOT NULL) WITHOUT ROWID""",
            // What this node knows and has promised of its slots, as JSON. Their ring is in meta, as 'ring'
            "CREATE TABLE IF NOT EXISTS slot_state (slot INTEGER PRIMARY KEY, body BLOB NOT NULL)",
            // Records of another ring, which this node has left with them. They wait to be written to its ring now
            """
            CREATE TABLE IF NOT EXISTS import (
                key TEXT PRIMARY KEY, size INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID""",
            "CREATE TABLE IF NOT EXISTS block_ref (hash BLOB, key TEXT, PRIMARY KEY (hash, key)) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS block_ref_key ON block_ref (key)",
            // List blocks whose data blocks are in block_ref already
            "CREATE TABLE IF NOT EXISTS expanded (key TEXT, hash BLOB, PRIMARY KEY (key, hash)) WITHOUT ROWID",
            // Blocks that lost a name, and when (milliseconds). They are deleted later, unless something names them
            // again
            "CREATE TABLE IF NOT EXISTS freeable (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, at INTEGER NOT NULL)",
            // Blocks that no record names and that have no reason to be deleted
            """
            CREATE TABLE IF NOT EXISTS orphan (
                hash BLOB PRIMARY KEY, bytes INTEGER NOT NULL, found TEXT NOT NULL) WITHOUT ROWID""",
            // name is a BLOB, so rows sort and prefixes end by bytes. here: 1 when all bytes of this version are on
            // this node, 2 when an older version is
            """
            CREATE TABLE IF NOT EXISTS file_entry (
                name BLOB PRIMARY KEY, key TEXT NOT NULL, counter INTEGER NOT NULL, writer TEXT NOT NULL,
                deleted INTEGER NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL, content_type TEXT NOT NULL,
                modified TEXT NOT NULL, copies INTEGER NOT NULL, seq INTEGER NOT NULL,
                here INTEGER NOT NULL) WITHOUT ROWID""",
            "CREATE UNIQUE INDEX IF NOT EXISTS file_entry_seq ON file_entry (seq)",
            // In the order in which files are looked for that more nodes keep than answer for them
            "DROP INDEX IF EXISTS file_entry_lacking",
            """
            CREATE INDEX IF NOT EXISTS file_entry_many ON file_entry (copies DESC, seq)
                WHERE deleted = 0 AND here = 0""",
            // Entries that are older than the check at a majority
            "CREATE TABLE IF NOT EXISTS unchecked_line (name BLOB PRIMARY KEY) WITHOUT ROWID",
            // Rows that break the rules, stored before the rules existed. Kept for a person to inspect
            """
            CREATE TABLE IF NOT EXISTS refused (
                id INTEGER PRIMARY KEY, key TEXT, name BLOB, why TEXT NOT NULL, body BLOB)""",
            "DROP TRIGGER IF EXISTS record_written",
            """
            CREATE TRIGGER IF NOT EXISTS record_added AFTER INSERT ON record BEGIN
                UPDATE file_entry SET here =
                    CASE WHEN counter = NEW.counter AND writer = NEW.writer THEN NEW.complete ELSE 2 END
                WHERE name = NEW.name; END""",
            """
            CREATE TRIGGER IF NOT EXISTS record_completed AFTER UPDATE OF complete ON record BEGIN
                UPDATE file_entry SET here = NEW.complete
                WHERE name = NEW.name AND counter = NEW.counter AND writer = NEW.writer; END""",
            """
            CREATE TRIGGER IF NOT EXISTS record_gone AFTER DELETE ON record BEGIN
                UPDATE file_entry SET here = 0 WHERE name = OLD.name; END""");

    /** An older version did not note which lines are newer than their records: once, all are looked at. */
    private static final List<String> NOTE_OUTDATED = List.of("""
            UPDATE file_entry SET here = 2 WHERE here = 0 AND EXISTS (SELECT 1 FROM record r
                WHERE r.key = file_entry.key
                    AND NOT (r.counter = file_entry.counter AND r.writer = file_entry.writer))""",
            "CREATE INDEX file_entry_outdated ON file_entry (seq) WHERE here = 2");

    private static final String BEFORE_SLOTS = "none";
    private static final String SLOTS = "kept";
    private static final String FORGOTTEN = "forgotten";

    private Schema() {}

    /** @param newId of the index, should the database be new */
    static void create(SqlSession session, String newId) throws SQLException {
        session.script("BEGIN IMMEDIATE");
        boolean older = has(session, "table", "record") && !has(session, "table", "slot_state");
        for (String table : TABLES) {
            session.script(table);
        }
        if (!has(session, "index", "file_entry_outdated")) {
            for (String step : NOTE_OUTDATED) {
                session.script(step);
            }
        }
        session.update("INSERT OR IGNORE INTO meta (name, value) VALUES ('epoch', ?)", newId);
        session.update("INSERT OR IGNORE INTO meta (name, value) VALUES ('slots', ?)", older ? BEFORE_SLOTS : SLOTS);
        session.script("COMMIT");
    }

    private static boolean has(SqlSession session, String type, String name) throws SQLException {
        return session.exists("SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?", type, name);
    }

    /** Whether an older version has written the database, which knew no slots, and no ring was entered since. */
    public static boolean isFromBeforeSlots(SqlSession session) throws SQLException {
        return session.exists("SELECT 1 FROM meta WHERE name = 'slots' AND value = ?", BEFORE_SLOTS);
    }

    /** Whether the database is another one than that of the last session, and no ring was entered since. */
    public static boolean hasForgotten(SqlSession session) throws SQLException {
        return session.exists("SELECT 1 FROM meta WHERE name = 'slots' AND value = ?", FORGOTTEN);
    }

    /** What the database says of promises and views is not what this node has said last. */
    public static void forget(SqlSession session) throws SQLException {
        session.update("DELETE FROM slot_state");
        session.update("DELETE FROM promise");
        session.update("DELETE FROM meta WHERE name = 'ring'");
        session.update("UPDATE meta SET value = ? WHERE name = 'slots' AND value <> ?", FORGOTTEN, BEFORE_SLOTS);
    }

    /** From now on the records are those of slots. */
    public static void enterSlots(SqlSession session) throws SQLException {
        session.update("UPDATE meta SET value = ? WHERE name = 'slots' AND value <> ?", SLOTS, SLOTS);
    }

    /** Starts a new epoch: other nodes read this node's index from the start again. */
    public static void beginEpoch(SqlSession session, String newId) throws SQLException {
        session.update("UPDATE meta SET value = ? WHERE name = 'epoch'", newId);
    }
}
