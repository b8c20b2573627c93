package io.chordshare.storage.model;

import java.time.Instant;

/** A record without its content: one entry of the index that every node keeps. Fields as in {@link FileRecord}. */
public record FileEntry(String key, String name, Version version, boolean deleted, long size, Sha256 sha256,
                        String contentType, Instant modified, Copies copies) {

    /** @throws IllegalArgumentException unless the parts are valid together */
    public FileEntry {
        FileRules.check(key, name, version, deleted, size, sha256, contentType, modified, copies);
    }
}
