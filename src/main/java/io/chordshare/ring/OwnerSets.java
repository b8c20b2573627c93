package io.chordshare.ring;

import io.chordshare.ring.RingRequest.Neighbours;
import java.util.ArrayList;
import java.util.List;

/** Finds the owner set of a key. The owner's own word counts; when it is silent, the nodes after it are named still. */
final class OwnerSets {

    private final NodeRuntime runtime;
    private final FailureDetector detector;
    private final Lookup lookup;

    OwnerSets(NodeRuntime runtime, FailureDetector detector, Lookup lookup) {
        this.runtime = runtime;
        this.detector = detector;
        this.lookup = lookup;
    }

    OwnerSet find(RingState state, RingId key, int size) throws LookupFailedException {
        LookupResult found = lookup.from(state, key);
        Peer owner = found.owner();
        if (owner.sameNode(state.self())) {
            boolean owns = state.range().contains(key) && state.status() != RingStatus.ISOLATED;
            return new OwnerSet(key, members(owner, state.successors(), size), owns);
        }
        try {
            Neighbours answer = runtime.call(owner, new RingRequest.View());
            detector.heard(owner);
            if (answer.range().contains(key)) {
                return new OwnerSet(key, members(answer.self(), answer.successors(), size), true);
            }
        } catch (PeerException e) {
            detector.blame(owner, e);
        }
        return new OwnerSet(key, membersWithoutOwner(found, size), false);
    }

    /** The owner is silent, or knows of a node between it and the key: what the one before it said, made longer. */
    private List<Peer> membersWithoutOwner(LookupResult found, int size) {
        for (Peer next : found.successors()) {
            try {
                Neighbours answer = runtime.call(next, new RingRequest.View());
                detector.heard(next);
                List<Peer> list = new ArrayList<>(found.successors());
                answer.successors().stream().filter(peer -> list.stream().noneMatch(peer::sameNode)).forEach(list::add);
                return members(found.owner(), list, size);
            } catch (PeerException e) {
                detector.blame(next, e);
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
