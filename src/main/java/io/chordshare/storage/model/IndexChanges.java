package io.chordshare.storage.model;

import java.util.List;

/**
 * One page of the change feed by which nodes synchronize their indexes.
 *
 * @param epoch the epoch of the numbers; when it differs from the last one, start again from 0
 * @param entries changed entries, deleted ones too, in order of change
 * @param last the number to continue after next time
 */
public record IndexChanges(String epoch, List<FileEntry> entries, long last) {

    /** Largest number of entries in one page. */
    public static final int MAX_ENTRIES = 1000;
    private static final int MAX_EPOCH = 64;

    /** @throws IllegalArgumentException when there are too many entries, or epoch or number is invalid */
    public IndexChanges {
        FileRules.require(epoch.length() <= MAX_EPOCH && last >= 0, "an epoch has at most " + MAX_EPOCH
                + " characters, and numbers begin at 0");
        FileRules.require(entries.size() <= MAX_ENTRIES, "a page of the index has at most " + MAX_ENTRIES + " entries");
        entries = List.copyOf(entries);
    }
}
