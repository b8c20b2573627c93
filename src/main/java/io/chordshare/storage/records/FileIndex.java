package io.chordshare.storage.records;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.disk.DiskSpace;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry per file of the whole ring, sorted by the UTF-8 bytes of the names. So a listing needs only this node.
 * Changes are on disk when a method returns. Thread-safe; all methods throw {@link StoreFailedException} when the disk
 * fails.
 */
public final class FileIndex {

    /** Entries in one transaction. A long list must not delay uploads. */
    private static final int MERGED_AT_ONCE = 500;

    private final Database database;
    private final DiskSpace space;

    public FileIndex(Database database, DiskSpace space) {
        this.database = database;
        this.space = space;
    }

    /**
     * Stores the entry if it is newer than the stored one. Also replaces a different entry of the same version, because
     * a merged entry was checked at a majority.
     *
     * @return whether it was stored
     * @throws DiskFullException when there is no room; a deletion always finds room
     */
    public boolean merge(FileEntry entry) {
        return merge(List.of(entry));
    }

    /**
     * Stores the entries that are newer than the stored ones.
     *
     * @return whether any was stored
     * @throws DiskFullException when there is no room; some of the entries may have been stored
     */
    public boolean merge(List<FileEntry> entries) {
        boolean news = false;
        for (int from = 0; from < entries.size(); from += MERGED_AT_ONCE) {
            List<FileEntry> some = entries.subList(from, Math.min(entries.size(), from + MERGED_AT_ONCE));
            news |= database.write(session -> {
                boolean any = false;
                for (FileEntry entry : some) {
                    if (!entry.deleted() && FileEntryTable.isNews(session, entry)) {
                        space.requireRow(Use.REPAIR, 0);
                    }
                    any |= FileEntryTable.merge(session, entry);
                }
                return any;
            });
        }
        return news;
    }

    /** Those of the entries that are newer than the checked entries here. */
    public List<FileEntry> unknown(List<FileEntry> entries) {
        return entries.isEmpty() ? entries : database.read(session -> {
            List<FileEntry> unknown = new ArrayList<>();
            for (FileEntry entry : entries) {
                if (entry.version().isNewerThan(FileEntryTable.checkedVersion(session, entry.name()))) {
                    unknown.add(entry);
                }
            }
            return unknown;
        });
    }

    /** The version of this name's entry, if it exists and was checked; else {@link Version#NONE}. */
    public Version checkedVersion(String name) {
        return database.read(session -> FileEntryTable.checkedVersion(session, name));
    }

    /** Some of the entries that an older version of this program stored without a check. */
    public List<FileEntry> unchecked(int limit) {
        return database.read(session -> FileEntryTable.unchecked(session, limit));
    }

    /** Deletes these entries, because a check has shown that there is no such file. Checked entries stay. */
    public void forget(List<FileEntry> entries) {
        if (!entries.isEmpty()) {
            database.write(session -> {
                for (FileEntry entry : entries) {
                    FileEntryTable.forget(session, entry);
                }
                return true;
            });
        }
    }

    /** The entry of this name, which may be a deletion. */
    public Optional<FileEntry> get(String name) {
        return database.read(session -> FileEntryTable.get(session, name));
    }

    /**
     * The files whose names start with {@code prefix} and come after {@code after} (null: from the first). Without
     * deleted files.
     */
    public List<FileEntry> page(String prefix, @Nullable String after, int limit) {
        byte[] start = RecordTable.bytes(prefix);
        byte[] end = FileEntryTable.endOf(start);
        byte[] last = after == null ? start : RecordTable.bytes(after);
        boolean fromStart = after == null || Arrays.compareUnsigned(last, start) < 0;
        return database.read(session ->
                FileEntryTable.page(session, fromStart ? start : last, fromStart, end, limit));
    }

    /**
     * The change feed by which nodes synchronize: entries, deleted ones too, that changed here after {@code after} (0
     * at first).
     */
    public IndexChanges changesSince(long after, int limit) {
        return database.read(session -> FileEntryTable.changesSince(session, after, limit));
    }

    /** The number of the latest change; 0 when there was none. */
    public long lastChange() {
        return database.read(FileEntryTable::lastChange);
    }

    /** A random id, chosen when this index was created. The feed's numbers are valid only within it. */
    public String epoch() {
        return database.read(FileEntryTable::epoch);
    }

    /**
     * The files that want more than so many copies and are not complete here. Those that want most come first, then the
     * oldest.
     */
    public List<FileEntry> lacking(int moreThan, int limit, int skip) {
        return database.read(session -> FileEntryTable.lacking(session, moreThan, limit, skip));
    }

    /** The files of which an older version is here, the oldest first. Deleted ones, too. */
    public List<FileEntry> outdated(int limit, int skip) {
        return database.read(session -> FileEntryTable.outdated(session, limit, skip));
    }
}
