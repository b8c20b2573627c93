package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.detector.RttEstimator;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends news to all nodes (El-Ansary et al., "Efficient broadcast in structured P2P networks", IPTPS 2003): each node
 * gives each peer it knows the part of the ring up to the next peer. In a stable ring this takes N - 1 messages, and no
 * node gets the news twice. Best effort: a node that misses the news learns it from its neighbours.
 */
public final class Broadcast {

    private static final Logger log = LoggerFactory.getLogger(Broadcast.class);

    private final StateCell cell;
    private final FailureDetector detector;
    private final NodeRuntime runtime;

    public Broadcast(StateCell cell, FailureDetector detector, NodeRuntime runtime) {
        this.cell = cell;
        this.detector = detector;
        this.runtime = runtime;
    }

    /**
     * Sends {@code news} to all nodes from here up to {@code limit}. Returns when the direct receivers have answered.
     */
    public void send(News news, ChordId limit) {
        RingState state = cell.get();
        List<Peer> targets = targets(state, limit);
        List<PeerCall<RingRequest.Done>> calls = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Peer target = targets.get(i);
            ChordId end = i + 1 < targets.size() ? targets.get(i + 1).id() : limit;
            calls.add(() -> tell(target, new BroadcastRequest(news, end)));
        }
        runtime.gather(calls);
    }

    private RingRequest.Done tell(Peer target, BroadcastRequest message) throws PeerException {
        try {
            // the receiver may write to its disk first
            return detector.ask(target, message, RttEstimator.MAX_TIMEOUT);
        } catch (PeerException e) {
            log.debug("{} did not get {}: {}", target, message.news(), e.getMessage());
            throw e;
        }
    }

    private static List<Peer> targets(RingState state, ChordId limit) {
        ChordId self = state.self().id();
        Map<ChordId, Peer> known = new LinkedHashMap<>();
        state.fingers().peers().forEach(peer -> known.put(peer.id(), peer));
        state.successors().forEach(peer -> known.put(peer.id(), peer));
        List<Peer> targets = new ArrayList<>(known.values());
        targets.removeIf(peer -> !RingInterval.between(self, peer.id(), limit));
        targets.sort(Comparator.comparing(peer -> self.offsetOf(peer.id())));
        return targets;
    }
}
