package io.chordshare.storage.model;

/**
 * A record as replication sees it: the version that is here, and whether its bytes are here.
 *
 * @param key position of the name on the ring: 40 hex digits
 * @param name the file's name
 * @param version the write that created the record
 * @param deleted whether this is a tombstone
 * @param complete whether all bytes are on this node
 */
public record RecordState(String key, String name, Version version, boolean deleted, boolean complete) {}
