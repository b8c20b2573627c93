package io.chordshare.storage.model;

/** The result of storing a record. */
public enum PutOutcome {
    /** Stored; it is now the newest version here. */
    STORED,
    /** This version was here already. */
    SAME,
    /** Older than the stored version. Nothing changed. */
    STALE,
    /** Not all of its bytes are here, and it must not replace anything without them. Nothing changed. */
    INCOMPLETE;

    /** Whether this version is here now. */
    public boolean isHere() {
        return this == STORED || this == SAME;
    }
}
