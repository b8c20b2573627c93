package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the owner set of a key. Normally the owner names it. When the owner is silent, the set starts from what other
 * nodes know.
 */
public final class OwnerSets {

    private static final Logger log = LoggerFactory.getLogger(OwnerSets.class);

    private final FailureDetector detector;
    private final OwnerLookup owners;

    public OwnerSets(FailureDetector detector, OwnerLookup owners) {
        this.detector = detector;
        this.owners = owners;
    }

    public OwnerSet find(RingState state, ChordId key, int size) throws LookupFailedException {
        LookupResult found = owners.find(state, key);
        if (found.confirmed()) {
            return new OwnerSet(key, members(found.owner(), found.successors(), size), true);
        }
        return new OwnerSet(key, membersWithoutOwner(found, size), false);
    }

    /** When the owner is silent, or a node between owner and key is: extends the list of the node before the owner. */
    private List<Peer> membersWithoutOwner(LookupResult found, int size) {
        for (Peer next : found.successors()) {
            try {
                Neighbours answer = detector.ask(next, new RingRequest.GetNeighbours());
                List<Peer> list = new ArrayList<>(found.successors());
                answer.successors().stream().filter(peer -> list.stream().noneMatch(peer::sameNode)).forEach(list::add);
                return members(found.owner(), list, size);
            } catch (PeerException e) {
                log.debug("{} is skipped: {}", next, e.getMessage());
            }
        }
        return members(found.owner(), found.successors(), size);
    }

    private static List<Peer> members(Peer owner, List<Peer> successors, int size) {
        List<Peer> members = new ArrayList<>(size);
        members.add(owner);
        for (Peer peer : successors) {
            if (members.size() < size && members.stream().noneMatch(peer::sameNode)) {
                members.add(peer);
            }
        }
        return members;
    }
}
