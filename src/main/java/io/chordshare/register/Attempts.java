package io.chordshare.register;

import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The versions under which one writing was tried, and what can be told of their fate from what a promise has found. It
 * decides whether the writing has happened, never will, or nobody can say. Why each answer is right is argued in
 * {@code docs/data.md}, "A writing that is tried again".
 */
final class Attempts {

    /** What became of the attempts so far. */
    enum Fate {
        /** None of them counts, and none ever will: the present promise is above them. */
        DEAD,
        /** One of them is what the register has, or had before what it has now. */
        HAPPENED,
        /** A plain write came after, or a conditional one of which the same is not known. */
        OVERWRITTEN_PERHAPS
    }

    private final List<Version> versions = new ArrayList<>();
    /** The lowest attempt that may still count; null for none. */
    private @Nullable Version alive;

    /** A write under this version begins. */
    void begin(Version version) {
        versions.add(version);
        if (alive == null) {
            alive = version;
        }
    }

    /** The version that names the writing: the first one that was tried. */
    Optional<Version> first() {
        return versions.stream().findFirst();
    }

    /** Whether an attempt may still count. */
    boolean areAlive() {
        return alive != null;
    }

    /** Every attempt so far is dead. */
    void giveUp() {
        alive = null;
    }

    /** @param found the newest record that a majority has told with its promise */
    Fate fate(Optional<FileRecord> found) {
        if (alive == null || found.isEmpty() || !found.get().version().isNewerThan(alive)
                && !found.get().version().equals(alive)) {
            return Fate.DEAD;
        }
        FileRecord record = found.get();
        if (isMine(record.writing()) || record.seen() != null && isMine(record.seen())) {
            return Fate.HAPPENED;
        }
        Version atMost = record.seen() == null ? record.writing() : record.seen();
        return alive.isNewerThan(atMost) ? Fate.DEAD : Fate.OVERWRITTEN_PERHAPS;
    }

    private boolean isMine(Version version) {
        return versions.contains(version);
    }
}
