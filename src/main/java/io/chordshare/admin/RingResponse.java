package io.chordshare.admin;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.replication.Decommission;
import io.chordshare.replication.Replication;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A node's place in the ring, as {@code GET /ring} shows it. In a ring of one, the node is its own predecessor and
 * successor.
 *
 * @param range the keys that this node owns: after {@code from}, up to and including {@code to}
 * @param slots    the parts of the ring, and which of them this node answers for
 * @param handover what remains to be handed off; null when the node is not leaving
 */
record RingResponse(@Nullable String ringId, Peer self, RingStatus status, @Nullable Peer predecessor,
        List<Peer> successors, List<FingerTable.Slot> fingers, Range range,
        SlotsView slots, Decommission.@Nullable Progress handover) {

    /** @param from exclusive @param to inclusive */
    record Range(ChordId from, ChordId to) {}

    /**
     * @param count    how many slots the ring has
     * @param mine     slots for which this node answers, alone or with others
     * @param changing slots whose members are about to change or to answer
     * @param waits    what these wait for
     */
    record SlotsView(int count, int mine, int changing, List<Placement.Wait> waits) {

        private static SlotsView of(Placement placement) {
            int count = placement.slots().count();
            int mine = (int) IntStream.range(0, count).filter(slot -> placement.known(slot)
                    .filter(view -> placement.serves(slot, view.number())).isPresent()).count();
            Placement.Progress progress = placement.progress();
            return new SlotsView(count, mine, progress.changing() + progress.activating(), progress.waits());
        }
    }

    static RingResponse of(RingState state, Replication replication) {
        boolean alone = state.status() == RingStatus.ALONE && state.successors().isEmpty();
        Peer predecessor = alone && state.predecessor() == null ? state.self() : state.predecessor();
        List<Peer> successors = alone ? List.of(state.self()) : state.successors();
        return new RingResponse(state.ringId(), state.self(), state.status(), predecessor, successors,
                state.status().isMember() ? FingerTable.slots(state) : List.of(),
                new Range(state.range().from(), state.range().to()), SlotsView.of(replication.placement()),
                replication.leaving().progress().orElse(null));
    }
}
