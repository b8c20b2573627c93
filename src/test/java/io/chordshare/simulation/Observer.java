package io.chordshare.simulation;

import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;

/**
 * Watches a run: what checks invariants, and what injects faults. Called on the loop or in a node's task, between two
 * things that happen; must not wait. An exception fails the run.
 */
public interface Observer {

    /** A process begins; {@link SimulatedNode#before} tells whose disk it has. */
    default void started(SimulatedNode node) {}

    /** A pointer or the status of {@code node} changed. */
    default void changed(SimulatedNode node, RingState before, RingState after) {}

    /** {@code node} has given {@code peer} up. */
    default void gave(SimulatedNode node, Peer peer, DepartureCause how) {}

    /** A process has ended: it crashed, or was switched off. */
    default void ended(SimulatedNode node) {}

    /**
     * An answer with pointers was computed, and the asker may be about to adopt them: from now until
     * {@link #settled}, they count as if it had them already.
     */
    default void answered(PendingAnswer answer) {}

    /** The asker has made use of the answer, or will never see it: lost, late, or the asker is gone. */
    default void settled(PendingAnswer answer) {}
}
