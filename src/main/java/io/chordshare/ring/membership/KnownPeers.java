package io.chordshare.ring.membership;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.List;

/**
 * Peers that this node has met and may need again: to rejoin after a restart, or when all its successors are gone.
 * Peers that left for good are removed. Bounded: the peer unheard of for longest is dropped first.
 */
public final class KnownPeers {

    /** Enough to find a ring again, and small enough to save at every change. */
    private static final int MAX_KNOWN = 64;
    /** For this time, lists that still name a leaver are filtered. By then all nodes have heard of the leave. */
    private static final Duration DEPARTED_FOR = Duration.ofSeconds(30);
    private static final int MAX_DEPARTED = 64;

    private record Gone(Peer peer, Duration at) {}

    private final NodeRuntime runtime;
    private final BoundedMap<ChordId, Peer> known = BoundedMap.byAge(MAX_KNOWN);
    private final BoundedMap<ChordId, Gone> departed = BoundedMap.byAge(MAX_DEPARTED);

    public KnownPeers(NodeRuntime runtime, List<Peer> saved) {
        this.runtime = runtime;
        saved.forEach(this::met);
    }

    public synchronized void met(Peer peer) {
        Peer before = known.get(peer.id());
        known.put(peer.id(), before == null ? peer : before.newest(peer));
    }

    public synchronized void lost(Peer peer, DepartureCause how) {
        if (how == DepartureCause.LEFT) {
            known.remove(peer.id());
        }
        if (how != DepartureCause.DEAD) {
            departed.put(peer.id(), new Gone(peer, runtime.uptime()));
        }
    }

    /** {@code list} without the nodes whose leave notice this node got. */
    public synchronized List<Peer> withoutDeparted(List<Peer> list) {
        Duration now = runtime.uptime();
        departed.removeIf((id, gone) -> now.minus(gone.at()).compareTo(DEPARTED_FOR) > 0);
        return list.stream().filter(peer -> {
            Gone gone = departed.get(peer.id());
            return gone == null || peer.incarnation() > gone.peer().incarnation();
        }).toList();
    }

    public synchronized boolean hasDeparted(Peer peer) {
        return withoutDeparted(List.of(peer)).isEmpty();
    }

    /** The most recently met peer first. */
    public synchronized List<Peer> all() {
        return known.values().reversed();
    }

    synchronized void clear() {
        known.clear();
    }
}
