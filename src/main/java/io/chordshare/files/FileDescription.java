package io.chordshare.files;

import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileEntry;
import java.time.Instant;

/**
 * A file as the API describes it.
 *
 * @param size in bytes
 * @param sha256 hash of all bytes, 64 hex digits
 * @param copies {@code all} or a number
 * @param modified never in the future of this node's clock
 * @param owner the first node that is responsible for the file
 */
public record FileDescription(String name, long size, String sha256, String contentType, Instant modified,
        String copies, Peer owner) {

    static FileDescription of(FileEntry entry, Peer owner, Instant now) {
        return new FileDescription(entry.name(), entry.size(), entry.sha256().toString(), entry.contentType(),
                entry.modified().isAfter(now) ? now : entry.modified(), entry.copies().toString(), owner);
    }
}
