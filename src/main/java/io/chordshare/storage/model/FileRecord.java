package io.chordshare.storage.model;

import java.time.Instant;

/**
 * The state of a name at one {@link Version}. A deleted name keeps a record that says so (a tombstone).
 *
 * @param key position of the name on the ring: 40 hex digits
 * @param name the file's name: 1 to 1,024 bytes of UTF-8 in NFC
 * @param view number of the view that accepted the record; 0 until views are numbered
 * @param version the write that created this record
 * @param deleted whether this is a tombstone
 * @param size bytes of the file; 0 for a tombstone
 * @param sha256 hash of all bytes
 * @param content where the bytes are
 * @param modified clock of the uploading node, in a later second than the previous version; does not order versions
 * @param copies how many nodes must hold the bytes
 * @param content where the bytes are
 */
public record FileRecord(String key, String name, long view, Version version, boolean deleted, long size,
                         Sha256 sha256, String contentType, Instant modified, Copies copies, Content content) {

    /** @throws IllegalArgumentException unless the parts are valid together */
    public FileRecord {
        FileRules.check(key, name, version, deleted, size, sha256, contentType, modified, copies);
        FileRules.require(view >= 0, "views are numbered from 0");
        content.check(deleted, size, sha256);
    }

    /** This record without its content, as it is sent to every node. */
    public FileEntry entry() {
        return new FileEntry(key, name, version, deleted, size, sha256, contentType, modified, copies);
    }

    /** The tombstone that replaces this record as version {@code next}. */
    public FileRecord tombstone(Version next, Instant when) {
        return new FileRecord(key, name, view, next, true, 0, Sha256.of(new byte[0]), contentType, when, copies,
                Content.none());
    }
}
