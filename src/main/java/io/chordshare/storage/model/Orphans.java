package io.chordshare.storage.model;

/**
 * Blocks on this disk that no record names, although nobody said that they are not needed.
 *
 * @param bytes of their files
 */
public record Orphans(long blocks, long bytes) {}
