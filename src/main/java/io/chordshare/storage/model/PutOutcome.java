package io.chordshare.storage.model;

/** What became of a record that was offered. */
public enum PutOutcome {
    /** Kept; it is the newest here now. */
    STORED,
    /** This very version was here already. */
    SAME,
    /** Older than what is here: nothing changed. */
    STALE,
    /** Its bytes are not all here, and it may not replace anything without them: nothing changed. */
    INCOMPLETE;

    /** Whether this version is here now. */
    public boolean isHere() {
        return this == STORED || this == SAME;
    }
}
