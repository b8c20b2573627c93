package io.chordshare.storage.model;

/**
 * Orphaned blocks: no record names them, but nothing says that they may be deleted.
 *
 * @param bytes total size of their files
 */
public record Orphans(long blocks, long bytes) {}
