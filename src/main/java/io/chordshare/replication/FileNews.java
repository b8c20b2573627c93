package io.chordshare.replication;

import io.chordshare.ring.News;
import io.chordshare.ring.Peer;
import io.chordshare.storage.FileEntry;

/**
 * A file was uploaded, replaced or deleted.
 *
 * @param entry  its description
 * @param teller who says so, and has the record
 */
public record FileNews(FileEntry entry, Peer teller) implements News {}
