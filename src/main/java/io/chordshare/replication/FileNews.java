package io.chordshare.replication;

import io.chordshare.ring.protocol.News;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileEntry;
import java.util.Objects;

/**
 * A file was uploaded, replaced or deleted.
 *
 * @param entry its description
 * @param teller the node that reports it and has the record
 */
public record FileNews(FileEntry entry, Peer teller) implements News {

    public FileNews {
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(teller, "teller");
    }
}
