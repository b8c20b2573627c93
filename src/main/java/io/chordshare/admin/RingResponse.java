package io.chordshare.admin;

import io.chordshare.id.ChordId;
import io.chordshare.replication.Decommission;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's place in the ring, as {@code GET /ring} shows it. In a ring of one, the node is its own predecessor and
 * successor.
 *
 * @param range the keys that this node owns: after {@code from}, up to and including {@code to}
 * @param handover what remains to be handed off; null when the node is not leaving
 */
record RingResponse(@Nullable String ringId, Peer self, RingStatus status, @Nullable Peer predecessor,
        List<Peer> successors, List<FingerTable.Slot> fingers, Range range,
        Decommission.@Nullable Progress handover) {

    /** @param from exclusive @param to inclusive */
    record Range(ChordId from, ChordId to) {}

    static RingResponse of(RingState state, Decommission leaving) {
        boolean alone = state.status() == RingStatus.ALONE && state.successors().isEmpty();
        Peer predecessor = alone && state.predecessor() == null ? state.self() : state.predecessor();
        List<Peer> successors = alone ? List.of(state.self()) : state.successors();
        return new RingResponse(state.ringId(), state.self(), state.status(), predecessor, successors,
                state.status().isMember() ? FingerTable.slots(state) : List.of(),
                new Range(state.range().from(), state.range().to()), leaving.progress().orElse(null));
    }
}
