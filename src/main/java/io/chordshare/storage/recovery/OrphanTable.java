package io.chordshare.storage.recovery;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.model.Orphans;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.records.BlockReferences;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Orphaned blocks: no record names them, but there is no reason to delete them. Kept until a record names them. */
public final class OrphanTable {

    private OrphanTable() {}

    /** Adds the block unless a record names it. Returns false when it was not added. */
    static boolean add(SqlSession session, Sha256 block, long bytes, Instant found) throws SQLException {
        return !BlockReferences.isNamed(session, block) && session.update(
                "INSERT OR IGNORE INTO orphan (hash, bytes, found) VALUES (?, ?, ?)", block, bytes,
                found.toString()) > 0;
    }

    public static void remove(SqlSession session, Sha256 block) throws SQLException {
        session.update("DELETE FROM orphan WHERE hash = ?", block);
    }

    static boolean has(SqlSession session, Sha256 block) throws SQLException {
        return session.exists("SELECT 1 FROM orphan WHERE hash = ?", block);
    }

    public static Orphans totals(SqlSession session) throws SQLException {
        return session.first("SELECT count(*), coalesce(sum(bytes), 0) FROM orphan",
                row -> new Orphans(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    /** A page of orphans, ordered by hash, after {@code last} (empty at first). */
    static List<Orphan> page(SqlSession session, byte[] last, int limit) throws SQLException {
        return session.list("SELECT hash, bytes, found FROM orphan WHERE hash > ? ORDER BY hash LIMIT ?",
                row -> new Orphan(Sha256.fromBytes(row.getBytes(1)), row.getLong(2), row.getString(3)), last, limit);
    }

    /** @param bytes size of the block's file */
    record Orphan(Sha256 block, long bytes, String found) {}
}
