package io.chordshare.storage.model;

/**
 * A record as replication sees it: the version that is here, and whether its bytes are here.
 *
 * @param key position of the name on the ring: 40 hex digits
 * @param name the file's name
 * @param version the write that created the record
 * @param deleted whether this is a tombstone
 * @param size bytes of the file
 * @param copies how many nodes must hold the bytes
 * @param complete whether all bytes are on this node
 * @param wanted whether this node must hold the bytes
 */
public record RecordState(String key, String name, Version version, boolean deleted, long size, Copies copies,
                          boolean complete, boolean wanted) {}
