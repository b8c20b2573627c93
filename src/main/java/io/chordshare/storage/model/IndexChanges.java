package io.chordshare.storage.model;

import java.util.List;

/**
 * One piece of the feed by which nodes catch up with each other's index.
 *
 * @param epoch   what the numbers belong to; with another epoch than last time, start again from 0
 * @param entries changed entries, deleted ones too, in order of change
 * @param last    the number to ask after next time
 */
public record IndexChanges(String epoch, List<FileEntry> entries, long last) {

    /** As many lines as one piece may have. */
    public static final int MAX_ENTRIES = 1000;
    private static final int MAX_EPOCH = 64;

    /** @throws IllegalArgumentException when there are too many lines, or what numbers them cannot be */
    public IndexChanges {
        FileRules.require(epoch.length() <= MAX_EPOCH && last >= 0, "an epoch has at most " + MAX_EPOCH
                + " characters, and numbers begin at 0");
        FileRules.require(entries.size() <= MAX_ENTRIES, "a piece of the index has at most " + MAX_ENTRIES + " lines");
        entries = List.copyOf(entries);
    }
}
