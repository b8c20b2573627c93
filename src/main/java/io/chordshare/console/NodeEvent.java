package io.chordshare.console;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened at this node, as {@code GET /events} tells it: a name, and its fields as JSON. */
public sealed interface NodeEvent {

    /** The name of the event in the stream. */
    @JsonIgnore
    String name();

    /**
     * This node's place changed.
     *
     * @param changed what of it: {@code status}, {@code predecessor}, {@code successors}, {@code fingers}
     */
    record Ring(Instant at, List<String> changed, RingStatus status, @Nullable Peer predecessor, List<Peer> successors)
            implements NodeEvent {

        @Override
        public String name() {
            return "ring";
        }
    }

    /** What became of another node. */
    record Node(Instant at, Peer node, Change change) implements NodeEvent {

        /** As this node sees it. */
        enum Change {
            /** It is silent. */
            SUSPECTED,
            /** It is not suspected any more: it answers, or it is given up and {@link #DEAD} says so. */
            CLEARED,
            /** It was silent for too long and is given up. */
            DEAD,
            /** It said that it is being stopped. */
            SWITCHED_OFF,
            /** It handed over and left. */
            LEFT
        }

        @Override
        public String name() {
            return "node";
        }
    }

    /** A file of the network was stored, replaced or deleted, at whichever node. */
    record File(Instant at, String file, Change change, long size) implements NodeEvent {

        enum Change { STORED, DELETED }

        @Override
        public String name() {
            return "file";
        }
    }

    /** So many files changed at once that they are not told one by one. */
    record ManyFiles(Instant at) implements NodeEvent {

        @Override
        public String name() {
            return "files";
        }
    }

    /** @param pendingCopies copies that belong somewhere and are not there yet, as far as this node knows */
    record Repair(Instant at, long pendingCopies) implements NodeEvent {

        @Override
        public String name() {
            return "repair";
        }
    }

    /**
     * This node hands over in order to leave.
     *
     * @param running   false when that has ended
     * @param filesLeft files that are not yet where they belong without this node
     * @param bytesLeft their size
     * @param blockedBy what stands in the way, or why it was given up; null when nothing does
     */
    record Handover(Instant at, boolean running, long filesLeft, long bytesLeft, @Nullable String blockedBy)
            implements NodeEvent {

        @Override
        public String name() {
            return "handover";
        }
    }
}
