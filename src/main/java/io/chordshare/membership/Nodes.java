package io.chordshare.membership;

import io.chordshare.replication.Replication;
import io.chordshare.ring.Peer;
import io.chordshare.ring.RingId;
import io.chordshare.ring.RingInterval;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everybody in the ring, asked now. */
final class Nodes {

    private final RingNode ring;
    private final Replication replication;

    Nodes(RingNode ring, Replication replication) {
        this.ring = ring;
        this.replication = replication;
    }

    /**
     * @param share   its part of the ring: more than 0, at most 1
     * @param answers whether it answers now
     * @param status  what it says of itself; null when it does not answer
     */
    record NodeView(RingId id, String address, long incarnation, double share, boolean answers,
                    @Nullable RingStatus status) {}

    List<NodeView> view() {
        List<Peer> peers = replication.members().refresh();
        Map<RingId, RingStatus> answering = ring.statusOf(peers);
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
