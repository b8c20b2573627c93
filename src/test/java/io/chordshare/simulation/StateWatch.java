package io.chordshare.simulation;

import io.chordshare.ring.RingListener;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.EventLog.Kind;

/** Listens to the changes of one node, for the log and the observers. */
final class StateWatch implements RingListener {

    private final SimulatedNode node;

    StateWatch(SimulatedNode node) {
        this.node = node;
    }

    @Override
    public void changed(RingState before, RingState after) {
        node.note(Kind.CHANGED, after);
        node.world().observers().changed(node, before, after);
    }

    @Override
    public void gone(Peer peer, DepartureCause how) {
        node.note(Kind.GAVE_UP, peer);
        node.world().observers().gave(node, peer, how);
    }
}
