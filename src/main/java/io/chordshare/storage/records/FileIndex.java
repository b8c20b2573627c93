package io.chordshare.storage.records;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.disk.DiskSpace;
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
 * One line for each name that is known in the whole network, sorted by the names' UTF-8 bytes, so that a listing is
 * read from this node alone. Changes are on disk when a method returns. Thread-safe; all methods throw
 * {@link StoreFailedException} when the disk fails.
 */
public final class FileIndex {

    /** Entries in one transaction: a long list does not keep the uploads waiting. */
    private static final int MERGED_AT_ONCE = 500;

    private final Database database;
    private final DiskSpace space;

    public FileIndex(Database database, DiskSpace space) {
        this.database = database;
        this.space = space;
    }

    /**
     * Keeps the entry if it is newer than what is here; whether it was. A line of the same version gives way to it,
     * too: what is merged was checked.
     *
     * @throws DiskFullException when there is no room for it; there always is for a deletion
     */
    public boolean merge(FileEntry entry) {
        return merge(List.of(entry));
    }

    /**
     * Keeps of these entries what is newer than what is here; whether any was.
     *
     * @throws DiskFullException when there is no room; some of them may have been kept
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

    /** Of these entries those that say more than the checked lines here. */
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

    /** The version of the line of this name, if it is there and was checked; else {@link Version#NONE}. */
    public Version checkedVersion(String name) {
        return database.read(session -> FileEntryTable.checkedVersion(session, name));
    }

    /** Lines that an older version of this program has kept without a check, some of them. */
    public List<FileEntry> unchecked(int limit) {
        return database.read(session -> FileEntryTable.unchecked(session, limit));
    }

    /** Drops these lines: a check has shown that there is no such file. Those that were checked before stay. */
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

    /** What is known of this name; also that it was deleted. */
    public Optional<FileEntry> get(String name) {
        return database.read(session -> FileEntryTable.get(session, name));
    }

    /** Files that are not deleted and of which the name starts with {@code prefix}, after {@code after} (null: all). */
    public List<FileEntry> page(String prefix, @Nullable String after, int limit) {
        byte[] start = RecordTable.bytes(prefix);
        byte[] end = FileEntryTable.endOf(start);
        byte[] last = after == null ? start : RecordTable.bytes(after);
        boolean fromStart = after == null || Arrays.compareUnsigned(last, start) < 0;
        return database.read(session ->
                FileEntryTable.page(session, fromStart ? start : last, fromStart, end, limit));
    }

    /**
     * The feed by which nodes catch up: entries, deleted ones too, that changed here after {@code after} (at first 0).
     */
    public IndexChanges changesSince(long after, int limit) {
        return database.read(session -> FileEntryTable.changesSince(session, after, limit));
    }

    /** The number of the latest change; 0 when there was none. */
    public long lastChange() {
        return database.read(FileEntryTable::lastChange);
    }

    /** Drawn at random when this index was created: the feed's numbers mean something only within it. */
    public String epoch() {
        return database.read(FileEntryTable::epoch);
    }

    /** Files that every node must hold and of which this node lacks the bytes (or the record), longest known first. */
    public List<FileEntry> lackingAll(int limit, int skip) {
        return database.read(session -> FileEntryTable.lackingAll(session, limit, skip));
    }
}
