package io.chordshare.ring.protocol;

/** A node did not enter a ring. The message says why and what to do. */
public final class JoinFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why the join failed. */
    public enum Reason {
        /** The address is this node's own. */
        ONESELF,
        /** No node answers there. */
        NOBODY_THERE,
        /** The node there is not a member of a ring yet. */
        NOT_A_MEMBER,
        /** This node is a member of another ring with other nodes in it. */
        IN_ANOTHER_RING,
        /** A live node has this node's id, because its data directory was copied. */
        ID_TAKEN,
        /** The ring cannot call this node at its advertised address. */
        UNREACHABLE,
        /** The ring did not admit this node in time. A later attempt may succeed. */
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
