package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks the whole ring along the successor lists. The result is all nodes in ring order, starting with this node. */
public final class RingWalk {

    /** More nodes than the product supports. A longer walk goes in circles. */
    private static final int MAX_NODES = 20_000;

    private static final Logger log = LoggerFactory.getLogger(RingWalk.class);

    private final FailureDetector detector;
    private final Lookup lookup;

    public RingWalk(FailureDetector detector, Lookup lookup) {
        this.detector = detector;
        this.lookup = lookup;
    }

    /** The first {@code limit} nodes after key 0. In a stable ring, every node computes the same result. */
    public List<Peer> firstAfterZero(RingState state, int limit) throws LookupFailedException {
        LookupResult zero = lookup.from(state, ChordId.of(BigInteger.ZERO));
        List<Peer> list = new ArrayList<>(List.of(zero.owner()));
        list.addAll(zero.successors());
        return walk(zero.owner(), list, limit);
    }

    /** All nodes that the lists name, including silent ones. This node comes first. */
    public List<Peer> take(RingState start) {
        return walk(start.self(), start.successors(), MAX_NODES);
    }

    private List<Peer> walk(Peer first, List<Peer> next, int limit) {
        Map<ChordId, Peer> found = new LinkedHashMap<>();
        found.put(first.id(), first);
        List<Peer> list = next;
        while (!list.isEmpty() && found.size() < limit) {
            int before = found.size();
            boolean around = false;
            for (Peer peer : list) {
                around |= peer.sameNode(first) && found.size() > 1;
                if (!around) {
                    found.putIfAbsent(peer.id(), peer);
                }
            }
            if (around || found.size() == before) {
                break;
            }
            list = listOfTheLastThatAnswers(list);
        }
        return found.values().stream().limit(limit).toList();
    }

    private List<Peer> listOfTheLastThatAnswers(List<Peer> list) {
        for (Peer peer : new ArrayList<>(list).reversed()) {
            try {
                return detector.ask(peer, new RingRequest.GetNeighbours()).successors();
            } catch (PeerException e) {
                log.debug("{} is skipped: {}", peer, e.getMessage());
            }
        }
        return List.of();
    }
}
