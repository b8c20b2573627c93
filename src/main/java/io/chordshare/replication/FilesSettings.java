package io.chordshare.replication;

import io.chordshare.storage.model.Copies;
import java.time.Duration;

/**
 * What a user may set of files.
 *
 * @param copies      for uploads that do not say
 * @param ownerSet    nodes that answer for a file; a majority of them acknowledges
 * @param repairAfter how long after a death its copies are made again: a node that restarts is spared the traffic
 */
public record FilesSettings(Copies copies, int ownerSet, Duration repairAfter) {

    public FilesSettings {
        if (ownerSet < 1) {
            throw new IllegalArgumentException("chordshare.files.owner-set must be at least 1");
        }
    }
}
