package io.chordshare.storage.model;

/**
 * The files that this node must hold but does not hold completely yet.
 *
 * @param files records that are wanted and not complete
 * @param bytes the sum of their sizes; some of these bytes may be here already
 */
public record Backlog(long files, long bytes) {}
