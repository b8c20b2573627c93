package io.chordshare.ring.protocol;

/** Something that every node must hear. Other features have their own kinds. */
public interface News {}
