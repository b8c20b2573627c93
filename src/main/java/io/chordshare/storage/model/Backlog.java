package io.chordshare.storage.model;

/**
 * What this node must hold but does not yet.
 *
 * @param files records that are wanted and not complete
 * @param bytes the sum of their sizes (of which some may be here already)
 */
public record Backlog(long files, long bytes) {}
