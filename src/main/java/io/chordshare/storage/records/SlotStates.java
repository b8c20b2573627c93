package io.chordshare.storage.records;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.Schema;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.records.SlotRecords.Keys;
import io.chordshare.storage.records.SlotRecords.Line;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node keeps of the slots of its ring, besides their records: promises and views, as text that others
 * understand. And what it has brought along from another ring. In one queue with {@link SlotRecords}.
 */
public final class SlotStates {

    /** Up to above every key. */
    private static final Keys EVERY_KEY = new Keys("", "g");

    private final Database database;
    private final BlockReferences references;
    private final Runnable changed;

    /** @param changed called after records have gone */
    public SlotStates(Database database, BlockReferences references, Runnable changed) {
        this.database = database;
        this.references = references;
        this.changed = changed;
    }

    /**
     * Whether an older version has written the records, which kept them in another way: they can be imported into a
     * ring, and are in none.
     */
    public boolean isFromBeforeSlots() {
        return database.read(Schema::isFromBeforeSlots);
    }

    /**
     * Whether the database is not the one of the last session: this node does not know what it has promised and
     * acknowledged, and must not go on as the node that did.
     */
    public boolean hasForgotten() {
        return database.read(Schema::hasForgotten);
    }

    /** The database was restored or is new. Its records wait to be imported. */
    public void forget() {
        database.write(session -> {
            Schema.forget(session);
            return true;
        });
    }

    /**
     * This node is in this ring from now on. The records and slots of another ring are set aside: the records wait to
     * be imported. A node that was in no ring yet, or founds one, keeps its records.
     *
     * @param founds   whether the node has made the ring
     * @param counting makes one that hears of every register by its versions; the work may run again, with another one
     * @param counted  gets it when the ring is entered, in order with the changes before and after
     * @return what was saved of the slots of this ring, in order of slots
     */
    public <C extends Consumer<Line>> List<byte[]> enter(String ring, boolean founds, Supplier<C> counting,
                                                         Consumer<C> counted) {
        Entered<C> entered = database.write(session -> {
            String before = session.first("SELECT value FROM meta WHERE name = 'ring'", row -> row.getString(1))
                    .orElse("");
            if (!before.equals(ring)) {
                Schema.enterSlots(session);
                if (!founds) {
                    ImportTable.setAside(session, references, EVERY_KEY);
                    session.update("DELETE FROM file_entry");
                    Schema.beginEpoch(session, database.newId());
                }
                session.update("DELETE FROM slot_state");
                session.update("DELETE FROM promise");
                session.update("INSERT OR REPLACE INTO meta (name, value) VALUES ('ring', ?)", ring);
            }
            C counter = counting.get();
            SlotRecords.each(session, EVERY_KEY, counter);
            return new Entered<>(session.list("SELECT body FROM slot_state ORDER BY slot", row -> row.getBytes(1)),
                    counter);
        }, done -> counted.accept(done.counter()));
        changed.run();
        return entered.states();
    }

    private record Entered<C>(List<byte[]> states, C counter) {}

    /**
     * Saves what this node knows and has promised of its slots, all or none.
     *
     * @param ring the ring whose slots these are; fails when another one was entered meanwhile
     * @return done when they are durable
     */
    public CompletableFuture<Void> save(String ring, Map<Integer, byte[]> states) {
        return database.<Boolean>begin(session -> {
            if (!session.exists("SELECT 1 FROM meta WHERE name = 'ring' AND value = ?", ring)) {
                throw new StoreFailedException("this node has entered another ring");
            }
            for (Map.Entry<Integer, byte[]> state : states.entrySet()) {
                session.update("INSERT OR REPLACE INTO slot_state (slot, body) VALUES (?, ?)", state.getKey(),
                        state.getValue());
            }
            return true;
        }, saved -> {}).thenAccept(saved -> {});
    }

    // -- records of another ring -------------------------------------------------------------------------------------

    /** Records that wait to be imported, in order of keys. */
    public List<FileRecord> imports(@Nullable String after, int limit) {
        return database.read(session -> ImportTable.page(session, after, limit));
    }

    /** How many records wait to be imported. */
    public long importsLeft() {
        return database.read(ImportTable::count);
    }

    /** A record was imported, or is not needed: its blocks may go, unless the ring's record names them. */
    public void imported(FileRecord record) {
        database.write(session -> ImportTable.remove(session, references, record));
    }
}
