package io.chordshare.ring.protocol;

/** A node did not get into a ring. The message says why and what to do. */
public final class JoinFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The address is this node's own. */
        ONESELF,
        /** Nobody answers there, or something that is not a node. */
        NOBODY_THERE,
        /** The node there is not a member of a ring itself yet. */
        NOT_A_MEMBER,
        /** This node is a member of another ring with others in it. */
        IN_ANOTHER_RING,
        /** A live node has this node's id: its data directory was copied. */
        ID_TAKEN,
        /** The ring cannot call it at the address that it gives. */
        UNREACHABLE,
        /** The ring did not let it in in time; it may later. */
        NO_ROOM_NOW
    }

    private final Reason reason;

    public JoinFailedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
