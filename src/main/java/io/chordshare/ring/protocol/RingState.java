package io.chordshare.ring.protocol;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a node knows of its place, replaced as a whole so that a reader always sees one moment.
 *
 * @param self        the node itself
 * @param ringId      which ring this is; null until one was founded or joined
 * @param status      what the node is to the ring
 * @param predecessor null when unknown
 * @param boundary    the last known predecessor's id: what this node owns starts after it, also while no live
 *                    predecessor is known. Null in a ring of one
 * @param successors  the next nodes in ring order: no duplicate, never self; empty when there is nobody else
 * @param fingers     shortcuts across the ring
 */
public record RingState(Peer self, @Nullable String ringId, RingStatus status, @Nullable Peer predecessor,
                        @Nullable ChordId boundary, List<Peer> successors, FingerTable fingers) {

    public RingState {
        successors = List.copyOf(successors);
    }

    public static RingState joining(Peer self, @Nullable String ringId) {
        return new RingState(self, ringId, RingStatus.JOINING, null, null, List.of(), FingerTable.EMPTY);
    }

    /** A ring of one. */
    public static RingState alone(Peer self, String ringId) {
        return new RingState(self, ringId, RingStatus.ALONE, null, null, List.of(), FingerTable.EMPTY);
    }

    /** The first successor; the node itself when there is nobody else. */
    public Peer successor() {
        return successors.isEmpty() ? self : successors.getFirst();
    }

    /** What this node owns: from its predecessor (or where the last one was) to itself. */
    public RingInterval range() {
        return new RingInterval(boundary == null ? self.id() : boundary, self.id());
    }

    public Optional<Peer> knownPredecessor() {
        return Optional.ofNullable(predecessor);
    }

    public RingState withSelf(Peer next) {
        return new RingState(next, ringId, status, predecessor, boundary, successors, fingers);
    }

    public RingState withStatus(RingStatus next) {
        return new RingState(self, ringId, next, predecessor, boundary, successors, fingers);
    }

    /** The successors, then the predecessor where it is none of them. The only place that lists neighbours. */
    public List<Peer> neighbours() {
        List<Peer> peers = new ArrayList<>(successors);
        knownPredecessor().filter(known -> peers.stream().noneMatch(known::sameNode)).ifPresent(peers::add);
        return peers;
    }

    public RingState withPredecessor(Peer next) {
        return new RingState(self, ringId, status, next, next.id(), successors, fingers);
    }

    /** The predecessor is gone; where it was stays the boundary until another is rectified. */
    public RingState withoutPredecessor() {
        return new RingState(self, ringId, status, null, boundary, successors, fingers);
    }

    /** A ring that got its second node, or found it again, is a ring of several. */
    public RingState withSuccessors(List<Peer> next) {
        boolean found = !next.isEmpty() && (status == RingStatus.ALONE || status == RingStatus.ISOLATED);
        return new RingState(self, ringId, found ? RingStatus.MEMBER : status, predecessor, boundary, next, fingers);
    }

    /** The newer claim of a peer replaces the older one in every neighbour's place. */
    public RingState withNewer(Peer claim) {
        return with(claim, Peer::newest);
    }

    /** As {@link #withNewer}, of a claim that the peer has made itself just now. */
    public RingState withOwnClaim(Peer claim) {
        return with(claim, Peer::orOwnClaim);
    }

    private RingState with(Peer claim, BinaryOperator<Peer> better) {
        UnaryOperator<Peer> change = peer -> peer.sameNode(claim) ? better.apply(peer, claim) : peer;
        Peer before = predecessor == null ? null : change.apply(predecessor);
        if (before == predecessor && successors.stream().allMatch(peer -> change.apply(peer) == peer)) {
            return this;
        }
        List<Peer> next = successors.stream().map(change).toList();
        return new RingState(self, ringId, status, before, boundary, next, fingers);
    }

    /** The same node after it has refuted a suspicion. */
    RingState withIncarnation(long next) {
        return withSelf(new Peer(self.id(), self.address(), next));
    }

    public RingState withRingId(String next) {
        return new RingState(self, next, status, predecessor, boundary, successors, fingers);
    }

    public RingState withFingers(FingerTable next) {
        return next == fingers ? this : new RingState(self, ringId, status, predecessor, boundary, successors, next);
    }
}
