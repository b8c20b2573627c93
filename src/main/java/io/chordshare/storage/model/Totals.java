package io.chordshare.storage.model;

/**
 * What this node holds.
 *
 * @param files records that are not tombstones
 * @param bytes the sum of the sizes of those whose bytes are all here (identical blocks counted as often as named)
 */
public record Totals(long files, long bytes) {}
