package io.chordshare.storage.records;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.DiskSpace;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.model.Version;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The registers and the slots of this node on disk. All changes go through one queue and become durable in the order of
 * the calls. Thread-safe; reading methods throw {@link StoreFailedException} when the disk fails, and changes fail with
 * it.
 */
public final class SlotRecords {

    /** Registers in memory at once, by their versions alone. */
    private static final int AT_ONCE = 1000;

    private final Database database;
    private final BlockReferences references;
    private final DiskSpace space;
    private final Runnable changed;
    private final AtomicLong losses = new AtomicLong();

    /** @param changed called after each change of a record */
    public SlotRecords(Database database, BlockReferences references, DiskSpace space, Runnable changed) {
        this.database = database;
        this.references = references;
        this.space = space;
        this.changed = changed;
    }

    /** What to do with a register: a pure function, which may run again when a transaction could not be committed. */
    @FunctionalInterface
    public interface Change<A> {

        /** @param hasBytes whether all bytes of a record are here */
        Changed<A> apply(StoredRegister now, Predicate<FileRecord> hasBytes);
    }

    /** @param next what takes the place of the register; null to change nothing */
    public record Changed<A>(A answer, @Nullable StoredRegister next) {}

    /** Hears of changes in their order, from the writer, when they are durable and before anybody else. */
    @FunctionalInterface
    public interface Listener {

        /** Null stands for a name of which nothing is here. */
        void changed(@Nullable Line before, @Nullable Line after);
    }

    /**
     * A register by its versions alone.
     *
     * @param copies   how many copies its record wants; 0 when there is no record
     * @param deleted  whether the record is a tombstone
     * @param complete whether all bytes of the record are here
     */
    public record Line(String key, Version accepted, Version promised, int copies, boolean deleted, boolean complete) {

        private static @Nullable Line of(String key, StoredRegister register) {
            FileRecord record = register.record();
            return register.isEmpty() ? null : new Line(key, record == null ? Version.NONE : record.version(),
                    register.promised(), record == null ? 0 : record.copies().count(),
                    record != null && record.deleted(), register.complete());
        }

        /** Whether more nodes keep the file than the {@code members} that answer for it. */
        public boolean isExtra(int members) {
            return copies > members && !deleted;
        }

        private Line withoutPromise() {
            return new Line(key, accepted, Version.NONE, copies, deleted, complete);
        }
    }

    /** Keys from one to another, both included. */
    public record Keys(String from, String to) {}

    public StoredRegister read(String key) {
        return database.read(session -> RegisterTable.read(session, key));
    }

    private record Done<A>(A answer, StoredRegister before, StoredRegister after) {}

    /**
     * Changes a register.
     *
     * @param use what the space is for; a tombstone needs none
     * @return the answer, when the change is durable
     */
    public <A> CompletableFuture<A> change(String key, Use use, Listener listener, Change<A> change) {
        return database.<Done<A>>begin(session -> change(session, key, use, change), done -> {
            if (references.takeLoss()) {
                bytesLost();
            }
            if (!done.before().equals(done.after())) {
                listener.changed(Line.of(key, done.before()), Line.of(key, done.after()));
                changed.run();
            }
        }).thenApply(Done::answer);
    }

    private <A> Done<A> change(SqlSession session, String key, Use use, Change<A> change)
            throws SQLException, IOException {
        StoredRegister before = RegisterTable.read(session, key);
        BytesCheck check = new BytesCheck(session);
        Changed<A> made = change.apply(before, check);
        check.throwFailure();
        StoredRegister next = made.next();
        if (next == null || next.equals(before)) {
            return new Done<>(made.answer(), before, before);
        }
        if (!next.promised().equals(before.promised())) {
            RegisterTable.promise(session, key, next.promised());
        }
        FileRecord record = next.record();
        if (record != null) {
            store(session, record, before, next.complete(), use);
        }
        return new Done<>(made.answer(), before, next);
    }

    private void store(SqlSession session, FileRecord record, StoredRegister before, boolean complete, Use use)
            throws SQLException, IOException {
        if (before.record() != null && before.record().version().equals(record.version())) {
            if (before.complete() != complete) {
                references.add(session, record);
                RecordTable.setComplete(session, record.key(), complete);
            }
            return;
        }
        byte[] body = RecordBody.write(record);
        if (!record.deleted()) {
            space.requireRow(use, body.length);
        }
        references.remove(session, record.key());
        references.add(session, record);
        RecordTable.replace(session, record, body, complete);
        FileEntryTable.merge(session, record.entry());
    }

    /** Looks for the bytes of a record. What fails on the way is thrown when the step is over. */
    private final class BytesCheck implements Predicate<FileRecord> {

        private final SqlSession session;
        private @Nullable Exception failure;

        private BytesCheck(SqlSession session) {
            this.session = session;
        }

        @Override
        public boolean test(FileRecord record) {
            try {
                return references.complete(session, record);
            } catch (SQLException | IOException e) {
                failure = e;
                return false;
            }
        }

        private void throwFailure() throws SQLException, IOException {
            switch (failure) {
                case SQLException sql -> throw sql;
                case IOException io -> throw io;
                case null, default -> {
                    // all went well
                }
            }
        }
    }

    /** In order of keys, after {@code after}; null from the start. */
    public List<Line> lines(Keys keys, @Nullable String after, int limit) {
        return database.read(session -> RegisterTable.lines(session, keys.from(), keys.to(), after, limit));
    }

    /** Records whose bytes are not all here, of those that want more than {@code rank} copies. */
    public List<FileRecord> lacking(Keys keys, int rank, int limit) {
        return database.read(session -> RegisterTable.lacking(session, keys.from(), keys.to(), rank, limit));
    }

    /** Grows when blocks of complete records turned out to be missing or damaged. */
    public long losses() {
        return losses.get();
    }

    /** Blocks of complete records are missing now. */
    public void bytesLost() {
        losses.incrementAndGet();
    }

    /**
     * Forgets the registers of these ranges, but for files that more nodes keep than answer for them: of those only the
     * promises go.
     *
     * @param members  how many nodes answer for a file
     * @param unwanted asked for each range within its transaction
     */
    public CompletableFuture<Void> drop(List<Keys> ranges, int members, Predicate<Keys> unwanted,
                                        Listener listener) {
        List<CompletableFuture<Void>> drops = new ArrayList<>();
        for (Keys keys : ranges) {
            // a transaction for each: uploads must not wait for all of them
            drops.add(database.<List<Line>>begin(session -> unwanted.test(keys)
                            ? drop(session, keys, members) : List.of(),
                    gone -> {
                        gone.forEach(line -> listener.changed(line,
                                line.isExtra(members) ? line.withoutPromise() : null));
                        changed.run();
                    }).thenAccept(gone -> {}));
        }
        return CompletableFuture.allOf(drops.toArray(CompletableFuture[]::new));
    }

    /** As {@link #drop}, but the records wait to be imported, those of files that every node keeps as well. */
    public CompletableFuture<Void> setAside(List<Keys> ranges, Predicate<Keys> unwanted, Listener listener) {
        List<CompletableFuture<Void>> moves = new ArrayList<>();
        for (Keys keys : ranges) {
            moves.add(database.<List<Line>>begin(session -> unwanted.test(keys) ? setAside(session, keys) : List.of(),
                    gone -> {
                        gone.forEach(line -> listener.changed(line, null));
                        changed.run();
                    }).thenAccept(gone -> {}));
        }
        return CompletableFuture.allOf(moves.toArray(CompletableFuture[]::new));
    }

    private List<Line> setAside(SqlSession session, Keys keys) throws SQLException {
        List<Line> all = new ArrayList<>();
        each(session, keys, all::add);
        for (Line line : all) {
            RegisterTable.promise(session, line.key(), Version.NONE);
        }
        ImportTable.setAside(session, references, keys);
        return all;
    }

    private List<Line> drop(SqlSession session, Keys keys, int members) throws SQLException {
        List<Line> all = new ArrayList<>();
        each(session, keys, all::add);
        for (Line line : all) {
            RegisterTable.promise(session, line.key(), Version.NONE);
            if (!line.isExtra(members)) {
                references.remove(session, line.key());
                session.update("DELETE FROM record WHERE key = ?", line.key());
            }
        }
        return all;
    }

    static void each(SqlSession session, Keys keys, Consumer<Line> visitor) throws SQLException {
        String after = null;
        List<Line> page;
        do {
            page = RegisterTable.lines(session, keys.from(), keys.to(), after, AT_ONCE);
            page.forEach(visitor);
            after = page.isEmpty() ? null : page.getLast().key();
        } while (page.size() == AT_ONCE);
    }
}
