package io.chordshare.ring;

import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;

/** Hears what happens to the ring at this node. Called in the ring's own thread: must be quick and must not throw. */
public interface RingListener {

    /** A pointer or the status changed. */
    void changed(RingState before, RingState after);

    /** A peer is gone: dead, switched off or left. */
    void gone(Peer peer, DepartureCause how);

    /** A neighbour is silent and from now on suspected, or not suspected any more: it was heard, or given up. */
    default void suspected(Peer peer, boolean isSuspected) {
        // most who listen act on deaths only
    }

    /** How a peer went. */
    enum DepartureCause { DEAD, SWITCHED_OFF, LEFT }
}
