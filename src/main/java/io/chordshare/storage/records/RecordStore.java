package io.chordshare.storage.records;

import io.chordshare.runtime.BoundedMap;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.DiskSpace;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.Backlog;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.PutOutcome;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.RingRange;
import io.chordshare.storage.model.Totals;
import io.chordshare.storage.model.Version;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The records on this node, one per name. Every change is on disk when its method returns. Keys are compared as text.
 * Thread-safe; all methods throw {@link StoreFailedException} when the disk fails.
 */
public final class RecordStore {

    /** Number of cached digests: a node shares a few ranges with its neighbours. */
    private static final int REMEMBERED_DIGESTS = 64;

    private final Database database;
    private final BlockReferences references;
    private final DiskSpace space;
    /** All changes, and only those of a version. The digests depend only on the latter. */
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong versionChanges = new AtomicLong();
    private final BoundedMap<RingRange, Remembered<String>> digests = BoundedMap.byUse(REMEMBERED_DIGESTS);
    private volatile @Nullable Remembered<Totals> totals;

    /** A result, and the number of changes when it was computed. */
    private record Remembered<T>(long at, T value) {}

    public RecordStore(Database database, BlockReferences references, DiskSpace space) {
        this.database = database;
        this.references = references;
        this.space = space;
    }

    public Optional<FileRecord> get(String key) {
        return database.read(session -> RecordTable.record(session, key));
    }

    public Optional<RecordState> state(String key) {
        return database.read(session -> RecordTable.state(session, key));
    }

    /**
     * Stores the record if it is newer than the stored one: replaces the older one, updates the index, and deletes
     * blocks that no record names any more. For the same version only adds {@code wanted}.
     *
     * @param wanted whether this node must hold the bytes
     */
    public PutOutcome put(FileRecord record, boolean wanted) {
        return put(record, wanted, false);
    }

    /**
     * As {@link #put(FileRecord, boolean)}, for the record of an upload.
     *
     * @param bytesFirst if true, a wanted record without all its bytes is refused as {@link PutOutcome#INCOMPLETE}: a
     *                   failed upload must never replace a complete file. The record also counts as new data and leaves
     *                   the whole reserve free. Other records leave half of it free; deletions may use all of it
     * @throws DiskFullException when there is no room for it
     */
    public PutOutcome put(FileRecord record, boolean wanted, boolean bytesFirst) {
        byte[] body = RecordJson.write(record);
        PutOutcome outcome = database.write(session -> store(session, record, body, wanted, bytesFirst));
        if (outcome == PutOutcome.STORED) {
            versionChanges.incrementAndGet();
        }
        if (outcome.isHere()) {
            changed();
        }
        return outcome;
    }

    private PutOutcome store(SqlSession session, FileRecord record, byte[] body, boolean wanted,
                             boolean bytesFirst) throws SQLException, IOException {
        Optional<RecordState> here = RecordTable.state(session, record.key());
        int order = here.map(state -> record.version().compareTo(state.version())).orElse(1);
        if (order < 0) {
            return PutOutcome.STALE;
        }
        if (order == 0) {
            if (wanted) {
                want(session, record.key());
            }
            return PutOutcome.SAME;
        }
        if (!record.deleted()) {
            space.requireRow(bytesFirst ? Use.NEW_FILE : Use.REPAIR, body.length);
        }
        boolean complete = references.complete(session, record);
        if (bytesFirst && wanted && !complete) {
            return PutOutcome.INCOMPLETE;
        }
        references.remove(session, record.key());
        references.add(session, record);
        RecordTable.replace(session, record, body, references.complete(session, record), wanted);
        FileEntryTable.merge(session, record.entry());
        return PutOutcome.STORED;
    }

    /** Sets "wanted", and names the blocks again in case they were {@linkplain #dropBytes dropped} before. */
    private boolean want(SqlSession session, String key) throws SQLException, IOException {
        boolean news = RecordTable.setWanted(session, key, true);
        if (news) {
            references.add(session, RecordTable.record(session, key).orElseThrow());
        }
        return news;
    }

    /**
     * Checks again whether all bytes are here. Call this once after blocks were fetched, before their upload is
     * released, because it also names the blocks in fetched list blocks. Checks every block of the file.
     *
     * @return whether the record is complete now; false when another version is here
     */
    public boolean recheck(String key, Version version) {
        record Checked(boolean complete, boolean news) {}
        Checked checked = database.write(session -> {
            Optional<FileRecord> record = RecordTable.record(session, key);
            if (record.isEmpty() || !record.get().version().equals(version)) {
                return new Checked(false, false);
            }
            references.add(session, record.get());
            boolean complete = references.complete(session, record.get());
            return new Checked(complete, RecordTable.setComplete(session, key, complete));
        });
        if (checked.news()) {
            changed();
        }
        return checked.complete();
    }

    /** Sets whether this node must hold the bytes. Does nothing when there is no such record. */
    public void want(String key, boolean wanted) {
        boolean news = database.write(session ->
                wanted ? want(session, key) : RecordTable.setWanted(session, key, false));
        if (news) {
            changed();
        }
    }

    /** Marks all of these records as wanted, in one transaction. */
    public void wantAll(List<String> keys) {
        boolean news = database.write(session -> {
            boolean any = false;
            for (String key : keys) {
                any |= want(session, key);
            }
            return any;
        });
        if (news) {
            changed();
        }
    }

    /**
     * Drops the bytes of this record on this node, after another node has confirmed that it holds them. The record
     * stays, but is neither wanted nor complete. Bytes inside the record stay too. Does nothing when another version is
     * here.
     */
    void dropBytes(String key, Version version) {
        boolean news = database.write(session -> {
            Optional<FileRecord> record = RecordTable.record(session, key);
            if (record.isEmpty() || !record.get().version().equals(version)) {
                return false;
            }
            RecordTable.setWanted(session, key, false);
            Content content = record.get().content();
            if (!content.blocks().isEmpty() || !content.listBlocks().isEmpty()) {
                references.remove(session, key);
                RecordTable.setComplete(session, key, false);
            }
            return true;
        });
        if (news) {
            changed();
        }
    }

    /**
     * The records with keys in the ring interval (from, to], clockwise from {@code from}; from == to is the whole ring.
     *
     * @param after the last key of the previous page, or null for the first page
     */
    public List<RecordState> range(String from, String to, @Nullable String after, int limit) {
        return database.read(session -> new RingRange(from, to).states(session, after, limit));
    }

    /** Equal at two nodes exactly when they hold the same versions in (from, to], except for a chance of 1 in 2^64. */
    public String digest(String from, String to) {
        RingRange range = new RingRange(from, to);
        long at = versionChanges.get();
        synchronized (digests) {
            Remembered<String> known = digests.get(range);
            if (known != null && known.at() == at) {
                return known.value();
            }
        }
        String digest = database.read(range::digest);
        synchronized (digests) {
            digests.put(range, new Remembered<>(at, digest));
        }
        return digest;
    }

    /**
     * The records that are wanted here but not complete, oldest first, without the first {@code skip}. Without deleted
     * ones.
     */
    public List<FileEntry> incomplete(int limit, int skip) {
        return database.read(session -> RecordTable.incomplete(session, limit, skip));
    }

    public Backlog backlog() {
        return database.read(RecordTable::backlog);
    }

    /** All records in key order, after {@code after} (null for the first page). */
    public List<RecordState> page(@Nullable String after, int limit) {
        return database.read(session -> RecordTable.after(session, after == null ? "" : after, limit));
    }

    public Totals totals() {
        long at = changes.get();
        Remembered<Totals> known = totals;
        if (known == null || known.at() != at) {
            known = new Remembered<>(at, database.read(RecordTable::totals));
            totals = known;
        }
        return known.value();
    }

    /** Grows with every change of a record. Starts at 0 when the store is opened. */
    public long changes() {
        return changes.get();
    }

    public void changed() {
        changes.incrementAndGet();
    }

    public void replaced() {
        versionChanges.incrementAndGet();
        changed();
    }
}
