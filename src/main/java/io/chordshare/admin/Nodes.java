package io.chordshare.admin;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.replication.Replication;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All nodes of the ring, with their state now. */
public final class Nodes {

    private final RingNode ring;
    private final Replication replication;

    Nodes(RingNode ring, Replication replication) {
        this.ring = ring;
        this.replication = replication;
    }

    /**
     * @param share the node's part of the ring: more than 0, at most 1
     * @param answers whether the node answers now
     * @param status the node's own status; null when it does not answer
     */
    record NodeView(ChordId id, String address, long incarnation, double share, boolean answers,
                    @Nullable RingStatus status) {}

    /**
     * A node's pointers, as the node itself reports them.
     *
     * @param range the keys that the node owns: after {@code from}, up to and including {@code to}
     */
    record Pointers(Peer self, RingStatus status, @Nullable Peer predecessor, List<Peer> successors,
                    List<FingerTable.Slot> fingers, RingResponse.Range range) {

        static Pointers of(RingRequest.Pointers said) {
            ChordId from = said.boundary() == null ? said.self().id() : said.boundary();
            return new Pointers(said.self(), said.status(), said.predecessor(), said.successors(), said.fingers(),
                    new RingResponse.Range(from, said.self().id()));
        }
    }

    Pointers pointersOf(ChordId id) {
        Peer peer = replication.members().now().stream().filter(member -> member.id().equals(id)).findFirst()
                .orElseThrow(() -> new ChordshareException(ProblemType.NOT_FOUND,
                        "There is no node " + id + " in this ring. GET /ring/nodes lists all nodes"));
        try {
            return Pointers.of(ring.inspection().pointersOf(peer));
        } catch (PeerException e) {
            throw new ChordshareException(ProblemType.PEER_FAILED, peer.address()
                    + " does not answer. If it is dead, the ring removes it within seconds", e);
        }
    }

    List<NodeView> view() {
        List<Peer> peers = replication.members().refresh();
        Map<ChordId, RingStatus> answering = ring.inspection().statusOf(peers);
        List<NodeView> views = new ArrayList<>(peers.size());
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            Peer before = peers.get((i + peers.size() - 1) % peers.size());
            RingStatus status = answering.get(peer.id());
            views.add(new NodeView(peer.id(), peer.address(), peer.incarnation(),
                    new RingInterval(before.id(), peer.id()).share(), status != null, status));
        }
        return views;
    }
}
