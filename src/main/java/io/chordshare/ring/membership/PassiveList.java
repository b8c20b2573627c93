package io.chordshare.ring.membership;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Backoff;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.List;

/**
 * Peers that this node lost without a leave notice: dead, or on the other side of a partition. This node asks them at
 * growing intervals until they are in the ring again (Shafaat, Ghodsi and Haridi, "Dealing with network partitions in
 * structured overlay networks", PPNA 2009: the passive list). Bounded: the peer lost first is dropped first.
 */
public final class PassiveList {

    /** A node of a ring of thousands loses only its own neighbours, about ten in one partition. */
    static final int MAX_LOST = 128;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    /** A network that heals after days is one ring again within a minute or two. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private record Turn(Peer peer, Duration at, Duration pause) {}

    private final NodeRuntime runtime;
    private final BoundedMap<ChordId, Turn> lost = BoundedMap.byAge(MAX_LOST);

    public PassiveList(NodeRuntime runtime, List<Peer> saved) {
        this.runtime = runtime;
        saved.forEach(this::lost);
    }

    public synchronized void lost(Peer peer) {
        Turn before = lost.get(peer.id());
        lost.put(peer.id(), turn(before == null ? peer : before.peer().newest(peer), FIRST_PAUSE));
    }

    /** Removes a peer that is in the ring again, or left for good. */
    public synchronized boolean found(ChordId id) {
        return lost.remove(id) != null;
    }

    /** The peer did not answer: doubles the pause before the next attempt. */
    public synchronized void silent(Peer peer) {
        lost.replace(peer.id(), turn -> turn(turn.peer(), Backoff.next(turn.pause(), LONGEST_PAUSE)));
    }

    /** The peer answers but is not in the ring yet: the next attempt comes soon. */
    public synchronized void soon(Peer peer) {
        lost.replace(peer.id(), turn -> turn(turn.peer().newest(peer), FIRST_PAUSE));
    }

    /** The peers to ask now, at most {@code limit}. */
    public synchronized List<Peer> due(int limit) {
        Duration now = runtime.uptime();
        return lost.values().stream().filter(turn -> turn.at().compareTo(now) <= 0).map(Turn::peer).limit(limit)
                .toList();
    }

    /** Whether this incarnation of the peer was lost, or a later one. */
    public synchronized boolean has(Peer peer) {
        Turn turn = lost.get(peer.id());
        return turn != null && turn.peer().incarnation() >= peer.incarnation();
    }

    public synchronized List<Peer> all() {
        return lost.values().stream().map(Turn::peer).toList();
    }

    private Turn turn(Peer peer, Duration pause) {
        // with a random part, so that the nodes that lost the same peer do not all ask at the same moment
        Duration jitter = Duration.ofMillis(runtime.random().nextLong(pause.toMillis()));
        return new Turn(peer, runtime.uptime().plus(pause.plus(jitter).dividedBy(2)), pause);
    }
}
