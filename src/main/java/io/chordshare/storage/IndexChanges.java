package io.chordshare.storage;

import java.util.List;

/**
 * One piece of the feed by which nodes catch up with each other's index.
 *
 * @param epoch   what the numbers belong to; with another epoch than last time, start again from 0
 * @param entries changed entries, deleted ones too, in order of change
 * @param last    the number to ask after next time
 */
public record IndexChanges(String epoch, List<FileEntry> entries, long last) {

    public IndexChanges {
        entries = List.copyOf(entries);
    }
}
