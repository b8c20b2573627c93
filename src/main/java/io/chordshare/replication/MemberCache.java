package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All nodes of the ring, cached for a moment. Good for an overview, never for deciding who owns what. */
public final class MemberCache {

    /** A walk costs one call per few nodes. Within this time the last result is used. */
    private static final Duration FRESH_FOR = Duration.ofSeconds(2);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private volatile Seen seen = new Seen(List.of(), Duration.ZERO);

    private record Seen(List<Peer> peers, Duration at) {}

    MemberCache(NodeRuntime runtime, RingNode ring) {
        this.runtime = runtime;
        this.ring = ring;
    }

    /** In ring order, this node first. */
    public List<Peer> now() {
        Seen last = seen;
        Duration now = runtime.uptime();
        if (!last.peers().isEmpty() && now.minus(last.at()).compareTo(FRESH_FOR) < 0) {
            return last.peers();
        }
        return refresh();
    }

    /** Walks the ring now. */
    public List<Peer> refresh() {
        List<Peer> peers = ring.walkRing();
        seen = new Seen(peers, runtime.uptime());
        return peers;
    }

    /** Of {@code ring} (in ring order) the owner of {@code key} and those after it, {@code size} at most. */
    public static List<Peer> ownersOf(ChordId key, List<Peer> ring, int size) {
        int owner = 0;
        for (int i = 0; i < ring.size(); i++) {
            ChordId before = ring.get((i + ring.size() - 1) % ring.size()).id();
            if (new RingInterval(before, ring.get(i).id()).contains(key)) {
                owner = i;
                break;
            }
        }
        List<Peer> owners = new ArrayList<>();
        for (int i = 0; i < Math.min(size, ring.size()); i++) {
            owners.add(ring.get((owner + i) % ring.size()));
        }
        return owners;
    }
}
