package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.protocol.RingRequest.Hop;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one node knows about the owner of a key: the answer to one hop of a lookup (ToN 2003, figure 5). */
public final class Routing {

    /** Number of closer nodes in an answer, so that the asker has alternatives when one is silent. */
    private static final int ALTERNATIVES = 3;

    private final FailureDetector detector;

    public Routing(FailureDetector detector) {
        this.detector = detector;
    }

    /**
     * The owner, when the key belongs to this node or to its successor. Otherwise closer nodes, but never this node.
     */
    public Hop answer(RingState state, ChordId key) {
        Peer self = state.self();
        if (state.status() == RingStatus.ISOLATED) {
            // an isolated node does not know what it owns, and must not seem to own the whole ring
            return new Hop(null, null, List.of(), List.of());
        }
        if (state.predecessor() == null && state.successors().isEmpty()) {
            return new Hop(self, self, List.of(), List.of());
        }
        Peer predecessor = state.predecessor();
        if (predecessor != null && new RingInterval(predecessor.id(), self.id()).contains(key)) {
            return new Hop(self, predecessor, state.successors(), List.of());
        }
        if (!state.successors().isEmpty()
                && new RingInterval(self.id(), state.successor().id()).contains(key)) {
            List<Peer> list = state.successors();
            return new Hop(list.getFirst(), self, list.subList(1, list.size()), List.of());
        }
        return new Hop(null, predecessor, state.successors(), closer(state, key));
    }

    private List<Peer> closer(RingState state, ChordId key) {
        ChordId self = state.self().id();
        Map<ChordId, Peer> known = new LinkedHashMap<>();
        state.fingers().peers().forEach(peer -> known.put(peer.id(), peer));
        state.successors().forEach(peer -> known.put(peer.id(), peer));
        List<Peer> preceding = new ArrayList<>(known.values());
        preceding.removeIf(peer -> !RingInterval.between(self, peer.id(), key));
        preceding.sort(Comparator.<Peer, Boolean>comparing(detector::suspects)
                .thenComparing(peer -> peer.id().offsetOf(key)));
        return List.copyOf(preceding.subList(0, Math.min(ALTERNATIVES, preceding.size())));
    }
}
