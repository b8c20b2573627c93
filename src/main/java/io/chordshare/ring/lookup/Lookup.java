package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.LookupResult.Asked;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Hop;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Iterative lookup (ToN 2003, section IV-C, with the alternatives of protocol.md). This node asks the closest preceding
 * node it knows, and the next best when one is silent. Every step must get closer to the key.
 */
public final class Lookup {

    /**
     * Far more hops than any ring needs (log2 of 10,000 nodes is 14). A lookup that takes more shows that the ring is
     * broken.
     */
    private static final int MAX_HOPS = 64;
    private static final int STEPS_BACK = 3;

    private final FailureDetector detector;
    private final Routing routing;

    public Lookup(FailureDetector detector, Routing routing) {
        this.detector = detector;
        this.routing = routing;
    }

    /** Starts from what this member itself knows. */
    public LookupResult from(RingState state, ChordId key) throws LookupFailedException {
        return new Walk(key).finish(routing.answer(state, key), state.self().id());
    }

    /** Starts at another member, as a joiner does. */
    public LookupResult through(Peer entry, ChordId key) throws LookupFailedException {
        Walk walk = new Walk(key);
        Hop first = walk.ask(entry);
        if (first == null) {
            throw new LookupFailedException(key, entry + " did not answer", walk.path);
        }
        return walk.finish(first, entry.id());
    }

    /**
     * The owner of {@code key}, if it is {@code peer} or one of the few nodes before it. A finger moves that way when
     * nodes join, and this request is cheaper than a lookup. Empty when the owner is elsewhere, or the peer is silent.
     */
    Optional<Peer> ownerNear(Peer peer, ChordId key) {
        Peer asked = peer;
        for (int step = 0; step < STEPS_BACK; step++) {
            Hop hop;
            try {
                hop = detector.ask(asked, new RingRequest.NextHop(key));
            } catch (PeerException e) {
                // the detector records the silence, and the lookup that follows avoids the peer
                return Optional.empty();
            }
            if (hop.owner() != null) {
                return Optional.of(hop.owner());
            }
            Peer before = hop.predecessor();
            if (before == null || !new RingInterval(key, asked.id()).contains(before.id()) && !before.id().equals(key)
                    || before.sameNode(asked)) {
                return Optional.empty();
            }
            asked = before;
        }
        return Optional.empty();
    }

    /** One lookup in progress. */
    private final class Walk {

        private final ChordId key;
        private final List<Peer> path = new ArrayList<>();
        private final List<Asked> asked = new ArrayList<>();
        private final Set<ChordId> tried = new HashSet<>();

        private Walk(ChordId key) {
            this.key = key;
        }

        private LookupResult finish(Hop first, ChordId start) throws LookupFailedException {
            Hop hop = first;
            ChordId reached = start;
            Map<ChordId, Peer> candidates = new TreeMap<>(Comparator.comparing(id -> id.offsetOf(key)));
            while (hop.owner() == null || hop.predecessor() == null) {
                for (Peer closer : hop.closer()) {
                    candidates.putIfAbsent(closer.id(), closer);
                }
                for (Peer listed : hop.successors()) {
                    candidates.putIfAbsent(listed.id(), listed);
                }
                Hop next = null;
                while (next == null) {
                    Peer candidate = best(candidates.values(), reached);
                    if (candidate == null && passes(hop, reached)) {
                        return fromListOf(hop);
                    }
                    if (candidate == null) {
                        throw new LookupFailedException(key, "no node that is closer to it answers", path);
                    }
                    if (tried.size() == MAX_HOPS) {
                        throw new LookupFailedException(key, "not found within " + MAX_HOPS + " hops", path);
                    }
                    next = ask(candidate);
                    if (next != null) {
                        reached = candidate.id();
                    }
                }
                hop = next;
            }
            return new LookupResult(key, hop.owner(), hop.predecessor(), hop.successors(), path, asked, false);
        }

        /**
         * Whether the key lies within the list of the last node that answered, so that the nodes before the key are
         * silent.
         */
        private boolean passes(Hop hop, ChordId reached) {
            return !hop.successors().isEmpty()
                    && new RingInterval(reached, hop.successors().getLast().id()).contains(key);
        }

        private LookupResult fromListOf(Hop hop) throws LookupFailedException {
            List<Peer> list = hop.successors();
            for (int owner = 1; owner < list.size(); owner++) {
                if (new RingInterval(list.get(owner - 1).id(), list.get(owner).id()).contains(key)) {
                    return new LookupResult(key, list.get(owner), list.get(owner - 1),
                            list.subList(owner + 1, list.size()), path, asked, false);
                }
            }
            throw new LookupFailedException(key, "no node that is closer to it answers", path);
        }

        /**
         * The closest candidate that is closer than {@code reached} and was not asked yet. A suspect only when there is
         * no other.
         */
        private @Nullable Peer best(Iterable<Peer> candidates, ChordId reached) {
            Peer suspect = null;
            for (Peer candidate : candidates) {
                if (tried.contains(candidate.id()) || !RingInterval.between(reached, candidate.id(), key)) {
                    continue;
                }
                if (!detector.suspects(candidate)) {
                    return candidate;
                }
                suspect = suspect == null ? candidate : suspect;
            }
            return suspect;
        }

        private @Nullable Hop ask(Peer peer) {
            tried.add(peer.id());
            Duration start = detector.uptime();
            try {
                Hop hop = detector.ask(peer, new RingRequest.NextHop(key));
                asked.add(new Asked(peer, true, detector.uptime().minus(start)));
                path.add(peer);
                return hop;
            } catch (PeerException e) {
                asked.add(new Asked(peer, false, detector.uptime().minus(start)));
                // the detector records the silence, and the next best peer is asked instead
                return null;
            }
        }
    }
}
