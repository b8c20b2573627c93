package io.chordshare.console;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event of this node, as {@code GET /events} reports it: a name, and its fields as JSON. */
sealed interface NodeEvent {

    /** The name of the event in the stream. */
    @JsonIgnore
    String name();

    /**
     * This node's place in the ring changed.
     *
     * @param changed the changed parts: {@code status}, {@code predecessor}, {@code successors}, {@code fingers}
     */
    record Ring(Instant at, List<String> changed, RingStatus status, @Nullable Peer predecessor, List<Peer> successors)
            implements NodeEvent {

        @Override
        public String name() {
            return "ring";
        }
    }

    /** The state of another node changed. */
    record Node(Instant at, Peer node, Change change) implements NodeEvent {

        /** The new state, as this node sees it. */
        enum Change {
            /** The node is silent. */
            SUSPECTED,
            /** The node is no longer suspected: it answered, or {@link #DEAD} follows. */
            CLEARED,
            /** The node was silent for too long and is declared dead. */
            DEAD,
            /** The node announced that it stops. */
            SWITCHED_OFF,
            /** The node handed off its data and left. */
            LEFT
        }

        @Override
        public String name() {
            return "node";
        }
    }

    /** A file was stored, replaced or deleted at any node. */
    record File(Instant at, String file, Change change, long size) implements NodeEvent {

        enum Change { STORED, DELETED }

        @Override
        public String name() {
            return "file";
        }
    }

    /** Too many files changed at once to report each one. */
    record ManyFiles(Instant at) implements NodeEvent {

        @Override
        public String name() {
            return "files";
        }
    }

    /** @param pendingCopies copies that are required but do not exist yet, as far as this node knows */
    record Repair(Instant at, long pendingCopies) implements NodeEvent {

        @Override
        public String name() {
            return "repair";
        }
    }

    /**
     * The progress of this node's hand-off before it leaves.
     *
     * @param running false when the hand-off has ended
     * @param filesLeft files that the other nodes do not hold yet
     * @param bytesLeft their size
     * @param blockedBy what blocks the hand-off, or why it failed; null when nothing does
     */
    record Handover(Instant at, boolean running, long filesLeft, long bytesLeft, @Nullable String blockedBy)
            implements NodeEvent {

        @Override
        public String name() {
            return "handover";
        }
    }
}
