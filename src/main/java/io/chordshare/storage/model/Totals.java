package io.chordshare.storage.model;

/**
 * The amount of data on this node.
 *
 * @param files records that are not tombstones
 * @param bytes the sum of the sizes of complete files; identical blocks count once per file
 */
public record Totals(long files, long bytes) {}
