package io.chordshare.simulation;

import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;

/**
 * Observes a run, to check invariants or inject faults. Called on the loop or in a node's task, between two events.
 * Must not wait. An exception fails the run.
 */
public interface Observer {

    /** A process starts. {@link SimulatedNode#before} returns the process that used its disk before. */
    default void started(SimulatedNode node) {}

    /** A pointer or the status of {@code node} changed. */
    default void changed(SimulatedNode node, RingState before, RingState after) {}

    /** {@code node} has removed {@code peer}. */
    default void gave(SimulatedNode node, Peer peer, DepartureCause how) {}

    /** A process has ended: it crashed or was switched off. */
    default void ended(SimulatedNode node) {}

    /**
     * An answer with pointers was computed. Until {@link #settled}, its pointers count as adopted, because the asker
     * may be about to adopt them.
     */
    default void answered(PendingAnswer answer) {}

    /** The asker has used the answer, or never will: it was lost or late, or the asker is gone. */
    default void settled(PendingAnswer answer) {}
}
