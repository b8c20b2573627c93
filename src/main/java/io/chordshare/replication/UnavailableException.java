package io.chordshare.replication;

/** A file cannot be read or written now, although the request is valid. Trying again in a moment can help. */
public final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Too few nodes of the owner set answer. */
        NO_MAJORITY,
        /** Too few of them have room. */
        DISK_FULL,
        /** This node is not in a ring. */
        NOT_A_MEMBER,
        /** Other writers constantly write the same name. */
        CONTENDED
    }

    private final Reason reason;

    UnavailableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Too few nodes have room. */
    public static UnavailableException diskFull(String why) {
        return new UnavailableException(Reason.DISK_FULL, why);
    }

    /** Too few nodes took part. */
    public static UnavailableException noMajority(String why) {
        return new UnavailableException(Reason.NO_MAJORITY, why);
    }

    public Reason reason() {
        return reason;
    }
}
