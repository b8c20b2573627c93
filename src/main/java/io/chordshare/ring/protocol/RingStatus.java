package io.chordshare.ring.protocol;

/** The status of a node in its ring. */
public enum RingStatus {
    /** Looks for a member to join through. Answers no question about the ring. */
    JOINING,
    /** A ring of one: the node is its own predecessor and successor. */
    ALONE,
    /** A member of a ring with other nodes. */
    MEMBER,
    /** Still a member, but hands off the data that only it holds. */
    LEAVING,
    /** A member that has lost every successor: looks for other nodes and accepts no writes. */
    ISOLATED;

    /** Whether the node takes part in the ring, so that others may rely on its pointers. */
    public boolean isMember() {
        return this != JOINING;
    }

    /** Whether the node can serve files: in every status except {@link #JOINING} and {@link #ISOLATED}. */
    public boolean canServe() {
        return this == ALONE || this == MEMBER || this == LEAVING;
    }
}
