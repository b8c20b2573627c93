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
 * A node's place as {@code GET /ring} shows it. A ring of one is its own predecessor and successor.
 *
 * @param range    what this node owns: after {@code from}, up to and with {@code to}
 * @param handover what is left to hand over; null when the node is not leaving
 */
public record RingResponse(@Nullable String ringId, Peer self, RingStatus status, @Nullable Peer predecessor,
        List<Peer> successors,
                List<FingerTable.Slot> fingers, Range range, Decommission.@Nullable Progress handover) {

    /** @param from not included @param to included */
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
