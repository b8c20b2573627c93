package io.chordshare.storage;

/** What became of a record that was offered: kept, already here, or older than what is here. */
public enum PutOutcome { STORED, SAME, STALE }
