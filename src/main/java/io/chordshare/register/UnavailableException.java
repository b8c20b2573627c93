package io.chordshare.register;

/** A name cannot be read or written now, although the request is right. Trying again in a moment can help. */
public final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Too few members of the view answer. A write may have happened or not. */
        NO_MAJORITY,
        /** This node knows of no node that answers for the name: it is not in a ring, or the ring is in pieces. */
        NO_VIEW,
        /** The newest version is known, and no node that answers has its bytes. */
        BYTES_OUT_OF_REACH,
        /** Others write the same name all the time. A write may have happened or not. */
        CONTENDED,
        /** Another writer came between: nobody can say whether this conditional write happened before it. */
        UNKNOWN_OUTCOME
    }

    private final Reason reason;

    UnavailableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The bytes of a file are at nodes that do not answer. */
    public static UnavailableException bytesOutOfReach(String why) {
        return new UnavailableException(Reason.BYTES_OUT_OF_REACH, why);
    }

    public Reason reason() {
        return reason;
    }
}
