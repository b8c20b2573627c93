package io.chordshare.ring.protocol;

/** Something that everybody shall hear. Other features have their own kinds. */
public interface News {}
