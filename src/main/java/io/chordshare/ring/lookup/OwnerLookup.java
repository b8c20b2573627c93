package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.LookupResult.Asked;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Hop;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the owner of a key and lets the owner confirm. A node that others name as owner may have a new predecessor:
 * then it names the predecessor, which is asked next.
 */
public final class OwnerLookup {

    /**
     * Limit of nodes that are asked for confirmation in turn. More nodes than this rarely join at one place at once.
     */
    private static final int MAX_ASKED = 3;

    private final FailureDetector detector;
    private final Routing routing;
    private final Lookup lookup;

    public OwnerLookup(FailureDetector detector, Routing routing, Lookup lookup) {
        this.detector = detector;
        this.routing = routing;
        this.lookup = lookup;
    }

    /**
     * The owner of {@code key}, confirmed unless the owner is silent. The path contains the nodes asked until one named
     * the owner. The owner's own confirmation is in the path only when no other node was asked.
     *
     * @throws LookupFailedException when no node names an owner
     */
    public LookupResult find(RingState state, ChordId key) throws LookupFailedException {
        Hop own = routing.answer(state, key);
        if (own.owner() != null && own.predecessor() != null && own.owner().sameNode(state.self())) {
            boolean owns = state.range().contains(key);
            return new LookupResult(key, own.owner(), own.predecessor(), own.successors(), List.of(), List.of(),
                    owns);
        }
        return new Confirmation(key).of(lookup.from(state, key));
    }

    /** Asks possible owners of a key for confirmation. */
    private final class Confirmation {

        private final ChordId key;
        private final Set<ChordId> candidates = new TreeSet<>();
        private final List<Asked> asked = new ArrayList<>();

        private Confirmation(ChordId key) {
            this.key = key;
        }

        private LookupResult of(LookupResult named) {
            List<Peer> path = new ArrayList<>(named.path());
            asked.addAll(named.asked());
            Peer owner = named.owner();
            while (candidates.size() < MAX_ASKED && candidates.add(owner.id())) {
                Neighbours answer = ask(owner);
                if (answer == null) {
                    return new LookupResult(key, named.owner(), named.predecessor(), named.successors(), path,
                            asked, false);
                }
                Peer before = answer.predecessor();
                if (answer.range().contains(key)) {
                    return new LookupResult(key, answer.self(), before == null ? named.predecessor() : before,
                            answer.successors(), path, asked, true);
                }
                path.add(owner);
                if (before == null || key.offsetOf(before.id()).compareTo(key.offsetOf(owner.id())) >= 0) {
                    break;
                }
                owner = before;
            }
            return new LookupResult(key, named.owner(), named.predecessor(), named.successors(), path, asked, false);
        }

        private @Nullable Neighbours ask(Peer peer) {
            Duration start = detector.uptime();
            try {
                Neighbours answer = detector.ask(peer, new RingRequest.GetNeighbours());
                asked.add(new Asked(peer, true, detector.uptime().minus(start)));
                return answer;
            } catch (PeerException e) {
                asked.add(new Asked(peer, false, detector.uptime().minus(start)));
                // the detector records the silence; the result says that the owner did not confirm
                return null;
            }
        }
    }
}
