package io.chordshare.files;

import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileEntry;
import java.time.Instant;

/**
 * A file as the API describes it.
 *
 * @param size   in bytes
 * @param sha256 of all bytes, 64 hex digits
 * @param copies {@code all} or a number
 * @param modified never later than now, whatever the clock of the node that took it
 * @param owner  the node that answers for it first
 */
public record FileDescription(String name, long size, String sha256, String contentType, Instant modified,
        String copies,
                       Peer owner) {

    static FileDescription of(FileEntry entry, Peer owner, Instant now) {
        return new FileDescription(entry.name(), entry.size(), entry.sha256().toString(), entry.contentType(),
                entry.modified().isAfter(now) ? now : entry.modified(), entry.copies().toString(), owner);
    }
}
