package io.chordshare.storage.records;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Totals;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records on this node, one per name, and counts their changes. {@link SlotRecords} writes them. Thread-safe;
 * methods that read throw {@link StoreFailedException} when the disk fails.
 */
public final class RecordStore {

    private final Database database;
    private final AtomicLong changes = new AtomicLong();
    private volatile @Nullable Remembered totals;

    /** The totals, and the number of changes when they were computed. */
    private record Remembered(long at, Totals value) {}

    public RecordStore(Database database) {
        this.database = database;
    }

    public Optional<FileRecord> get(String key) {
        return database.read(session -> RecordTable.record(session, key));
    }

    public Optional<RecordState> state(String key) {
        return database.read(session -> RecordTable.state(session, key));
    }

    public Totals totals() {
        long at = changes.get();
        Remembered known = totals;
        if (known == null || known.at() != at) {
            known = new Remembered(at, database.read(RecordTable::totals));
            totals = known;
        }
        return known.value();
    }

    /** Grows with every change of a record. Starts at 0 when the store is opened. */
    public long changes() {
        return changes.get();
    }

    /** Call this after each change of a record. */
    public void changed() {
        changes.incrementAndGet();
    }
}
