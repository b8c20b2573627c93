package io.chordshare.register;

/** What became of a request to a register. */
public enum RegisterStatus {
    /** It was read, promised or accepted; or this very record was accepted before. */
    DONE,
    /** A newer record of a plain writer is here: one who reads cannot see the older one any more. */
    NEWER,
    /** A higher version was promised to another writer. */
    PROMISED_HIGHER,
    /** This node must hold the bytes, and does not have all of them: nothing changed. */
    INCOMPLETE,
    /** This node answers in another view. */
    OTHER_VIEW,
    /** The view is changing: ask again in a moment. */
    CHANGING
}
