package io.chordshare.ring.protocol;

/** What a node is to the ring. */
public enum RingStatus {
    /** Looking for a member to join through; answers no question about the ring. */
    JOINING,
    /** A ring of one: its own predecessor and successor. */
    ALONE,
    /** One of several. */
    MEMBER,
    /** Still a member, handing over what only it holds. */
    LEAVING,
    /** Was a member, and has lost every successor: it looks for the others and takes no writes. */
    ISOLATED;

    /** Whether it takes part in the ring: has pointers that others may rely on. */
    public boolean isMember() {
        return this != JOINING;
    }

    /** Whether it can serve files: everything but {@link #JOINING} and {@link #ISOLATED}. */
    public boolean canServe() {
        return this == ALONE || this == MEMBER || this == LEAVING;
    }
}
