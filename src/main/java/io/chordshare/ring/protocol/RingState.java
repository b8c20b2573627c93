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
 * Everything that a node knows about its place in the ring. Immutable and replaced as a whole, so that a reader always
 * sees one moment.
 *
 * @param self        the node itself
 * @param ringId      the name of its ring; null until the first ring
 * @param status      its status in the ring
 * @param predecessor null when unknown
 * @param boundary    the id of the last known predecessor: the range of this node starts after it, even while no live
 * predecessor is known; null in a ring of one
 * @param successors  the next nodes in ring order, without duplicates and without self; empty when there is no other
 * node
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

    /** The state of a ring of one. */
    public static RingState alone(Peer self, String ringId) {
        return new RingState(self, ringId, RingStatus.ALONE, null, null, List.of(), FingerTable.EMPTY);
    }

    /** The first successor; this node itself when there is no other. */
    public Peer successor() {
        return successors.isEmpty() ? self : successors.getFirst();
    }

    /** The range that this node owns: from its predecessor (or the last known one) to itself. */
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

    /** The successors, and the predecessor when it is none of them. Only this method lists neighbours. */
    public List<Peer> neighbours() {
        List<Peer> peers = new ArrayList<>(successors);
        knownPredecessor().filter(known -> peers.stream().noneMatch(known::sameNode)).ifPresent(peers::add);
        return peers;
    }

    public RingState withPredecessor(Peer next) {
        return new RingState(self, ringId, status, next, next.id(), successors, fingers);
    }

    /** Removes the predecessor. Its id stays the boundary until another predecessor is rectified. */
    public RingState withoutPredecessor() {
        return new RingState(self, ringId, status, null, boundary, successors, fingers);
    }

    /** A ring of one that gets a successor, or an isolated node that finds one, becomes a member. */
    public RingState withSuccessors(List<Peer> next) {
        boolean found = !next.isEmpty() && (status == RingStatus.ALONE || status == RingStatus.ISOLATED);
        return new RingState(self, ringId, found ? RingStatus.MEMBER : status, predecessor, boundary, next, fingers);
    }

    /** Replaces older claims of the same peer among all neighbours. */
    public RingState withNewer(Peer claim) {
        return with(claim, Peer::newest);
    }

    /** As {@link #withNewer}, for a claim that the peer itself has just made. */
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

    /** The same node after it refuted a suspicion. */
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
