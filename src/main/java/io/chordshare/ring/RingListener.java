package io.chordshare.ring;

import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;

/**
 * Is told about changes of the ring at this node. Runs in the ring's own thread, so a listener must be quick and must
 * not throw.
 */
public interface RingListener {

    /** A pointer or the status changed. */
    void changed(RingState before, RingState after);

    /** A peer is gone: dead, switched off or left for good. */
    void gone(Peer peer, DepartureCause how);

    /** This node now suspects a silent neighbour, or suspects it no longer because it answered or was declared dead. */
    default void suspected(Peer peer, boolean isSuspected) {
        // most listeners need deaths only
    }

    /** Why a peer is gone. */
    enum DepartureCause { DEAD, SWITCHED_OFF, LEFT }
}
