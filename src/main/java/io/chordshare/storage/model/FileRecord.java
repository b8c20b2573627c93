package io.chordshare.storage.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a name at one {@link Version}. A deleted name keeps a record that says so (a tombstone).
 *
 * @param key position of the name on the ring: 40 hex digits
 * @param name the file's name: 1 to 1,024 bytes of UTF-8 in NFC
 * @param view 0; the members of a view answer for all records of its slot
 * @param version the write that created this record
 * @param deleted whether this is a tombstone
 * @param size bytes of the file; 0 for a tombstone
 * @param sha256 hash of all bytes
 * @param contentType as given at the upload
 * @param modified clock of the uploading node, in a later second than the previous version; does not order versions
 * @param copies how many nodes must hold the bytes
 * @param content where the bytes are
 * @param origin the first version under which this write was tried; null when it is {@code version}
 * @param seen the version that this write replaced, {@link Version#NONE} for nothing; null when the writer did not
 *     promise first, and so does not know
 */
public record FileRecord(String key, String name, long view, Version version, boolean deleted, long size,
                         Sha256 sha256, String contentType, Instant modified, Copies copies, Content content,
                         @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Version origin,
                         @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Version seen) {

    /** @throws IllegalArgumentException unless the parts are valid together */
    public FileRecord {
        FileRules.check(key, name, version, deleted, size, sha256, contentType, modified, copies);
        FileRules.require(view >= 0, "views are numbered from 0");
        content.check(deleted, size, sha256);
    }

    /** A record of a writing that is tried for the first time. */
    public FileRecord(String key, String name, long view, Version version, boolean deleted, long size, Sha256 sha256,
                      String contentType, Instant modified, Copies copies, Content content) {
        this(key, name, view, version, deleted, size, sha256, contentType, modified, copies, content, null, null);
    }

    /** Names the writing, under whatever version it is stored. */
    @JsonIgnore
    public Version writing() {
        return origin == null ? version : origin;
    }

    /** Whether there are no bytes besides this record. */
    public boolean carriesItsBytes() {
        return content.blocks().isEmpty() && content.listBlocks().isEmpty();
    }

    /** The same writing under another version. */
    public FileRecord as(Version next) {
        return new FileRecord(key, name, view, next, deleted, size, sha256, contentType, modified, copies, content,
                writing(), seen);
    }

    /** This record as a writing that was first tried as {@code first}, and replaces what it has seen for certain. */
    public FileRecord of(Version first, Version replaced) {
        return new FileRecord(key, name, view, version, deleted, size, sha256, contentType, modified, copies, content,
                first.equals(version) ? null : first, replaced);
    }

    /** This record without its bytes, as it is sent to every node. */
    public FileEntry entry() {
        return new FileEntry(key, name, version, deleted, size, sha256, contentType, modified, copies);
    }

    /** The tombstone that replaces this record as version {@code next}. */
    public FileRecord tombstone(Version next, Instant when) {
        return new FileRecord(key, name, view, next, true, 0, Sha256.of(new byte[0]), contentType, when, copies,
                Content.none());
    }
}
