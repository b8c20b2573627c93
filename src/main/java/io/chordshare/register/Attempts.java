package io.chordshare.register;

import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The versions under which one writing was tried, and what can be told of their fate from what a promise has found. It
 * decides whether the writing has happened, never will, or nobody can say. Why each answer is right is argued in
 * {@code docs/registers.md}, "A writing that is tried again".
 */
final class Attempts {

    /** What became of the attempts so far. */
    enum Fate {
        /**
         * None of them counts now. They stay dead once something is written under the present promise; until then one
         * who promises higher may find one of them at a minority, and bring it back.
         */
        DEAD,
        /** One of them is what the register has, or had before what it has now. */
        HAPPENED,
        /** A plain write came after, or a conditional one of which the same is not known. */
        OVERWRITTEN_PERHAPS
    }

    private final List<Version> versions = new ArrayList<>();

    /** A write under this version begins. Versions grow. */
    void begin(Version version) {
        versions.add(version);
    }

    /** The version that names the writing: the first one that was tried. */
    Optional<Version> first() {
        return versions.stream().findFirst();
    }

    /** Whether there was any. */
    boolean exist() {
        return !versions.isEmpty();
    }

    /** @param found the newest record that a majority has told with its promise */
    Fate fate(Optional<FileRecord> found) {
        if (versions.isEmpty() || found.isEmpty() || versions.getFirst().isNewerThan(found.get().version())) {
            return Fate.DEAD;
        }
        FileRecord record = found.get();
        if (isMine(record.writing()) || record.seen() != null && isMine(record.seen())) {
            return Fate.HAPPENED;
        }
        Version atMost = record.seen() == null ? record.writing() : record.seen();
        return versions.getFirst().isNewerThan(atMost) ? Fate.DEAD : Fate.OVERWRITTEN_PERHAPS;
    }

    boolean isMine(Version version) {
        return versions.contains(version);
    }
}
