package io.chordshare.register;

/** A name cannot be read or written now, although the request is right. Trying again in a moment can help. */
public final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Too few members of the view answer. A write may have happened or not. */
        NO_MAJORITY,
        /** This node knows of no node that answers for the name: the ring is in pieces, or being founded. */
        NO_VIEW,
        /** No node that answers has a copy, and some that may have one do not answer. */
        NO_COPY,
        /** This node is in no ring, or has left it meanwhile. */
        NOT_A_MEMBER,
        /** Too few of the members have room. */
        DISK_FULL,
        /** The newest version is known, and no node that answers has its bytes. */
        BYTES_OUT_OF_REACH,
        /** Others write the same name all the time. A write may have happened or not. */
        CONTENDED,
        /** Another writer came between: nobody can say whether this conditional write happened before it. */
        UNKNOWN_OUTCOME
    }

    private final Reason reason;

    public UnavailableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
