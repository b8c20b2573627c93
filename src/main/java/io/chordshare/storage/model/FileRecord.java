package io.chordshare.storage.model;

import java.time.Instant;

/**
 * What a name stands for at one {@link Version}. A deleted name keeps a record that says so (a tombstone).
 *
 * @param key         position of the name on the ring: 40 hex digits
 * @param name        the file's name: 1 to 1,024 bytes of UTF-8 in NFC
 * @param view        number of the owner set's view that accepted it; 0 until views are numbered
 * @param version     which writing of the name this is
 * @param deleted     whether this is a tombstone
 * @param size        bytes of the file; 0 of a tombstone
 * @param sha256      hash of all bytes
 * @param contentType as given at the upload
 * @param modified    the uploading node's clock, in a later second than the version before; no order of versions
 * @param copies      how many nodes must hold the bytes
 * @param content     where the bytes are
 */
public record FileRecord(String key, String name, long view, Version version, boolean deleted, long size,
                         Sha256 sha256, String contentType, Instant modified, Copies copies, Content content) {

    /** @throws IllegalArgumentException unless all parts can be those of one file */
    public FileRecord {
        FileRules.check(key, name, version, deleted, size, sha256, contentType, modified, copies);
        FileRules.require(view >= 0, "views are numbered from 0");
        content.check(deleted, size, sha256);
    }

    /** This record without its bytes, as it is spread to every node. */
    public FileEntry entry() {
        return new FileEntry(key, name, version, deleted, size, sha256, contentType, modified, copies);
    }

    /** The tombstone that follows this record as {@code next}. */
    public FileRecord tombstone(Version next, Instant when) {
        return new FileRecord(key, name, view, next, true, 0, Sha256.of(new byte[0]), contentType, when, copies,
                Content.none());
    }
}
