package io.chordshare.ring.protocol;

/** A message for all nodes. Other features have their own kinds. */
public interface News {}
