package io.chordshare.ring.stabilize;

import io.chordshare.id.RingInterval;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.RingSettings;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.ExclusiveQuery.Ending;
import io.chordshare.ring.protocol.ExclusiveQuery;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.SuccessorList;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two stabilize steps and rectify of the corrected Chord (Zave, TSE 2017, section 4 and figure 5). Each runs in the
 * step queue, asks at most one peer at a time and changes only this node's own state. A new first successor or
 * predecessor is never adopted before it has answered.
 */
public final class Stabilization {

    private static final Logger log = LoggerFactory.getLogger(Stabilization.class);

    private final StateCell cell;
    private final ExclusiveQuery exclusiveQuery;
    private final FailureDetector detector;
    private final RingSettings settings;
    private final KnownPeers knownPeers;
    private final PassiveList passive;
    private final RingIds ringIds;

    public Stabilization(StateCell cell, ExclusiveQuery exclusiveQuery, FailureDetector detector,
                  RingSettings settings, KnownPeers knownPeers, PassiveList passive, RingIds ringIds) {
        this.cell = cell;
        this.exclusiveQuery = exclusiveQuery;
        this.detector = detector;
        this.settings = settings;
        this.knownPeers = knownPeers;
        this.passive = passive;
        this.ringIds = ringIds;
    }

    /** Stabilize from successor. True when the list changed: then the next run should follow soon. */
    public boolean stabilize() {
        List<Peer> before = cell.get().successors();
        stabilizeFromSuccessor();
        return !before.equals(cell.get().successors());
    }

    private void stabilizeFromSuccessor() {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        if (state.successors().isEmpty()) {
            // a ring of one learns of its second node by its notification and stabilizes from its predecessor; so does
            // a node that lost all successors but knows its predecessor
            state.knownPredecessor().ifPresent(this::stabilizeFromPredecessor);
            return;
        }
        Peer successor = state.successors().getFirst();
        if (detector.isSuspected(successor)) {
            // the failure detector asks it already, and other steps must not wait for it
            return;
        }
        List<Peer> candidate = new ArrayList<>(1);
        Ending ending = exclusiveQuery.neighbours(successor, answer -> {
            if (cell.get().successors().stream().noneMatch(successor::sameNode)) {
                // declared dead meanwhile: the answer comes too late and counts as lost
                return;
            }
            if (!answer.successors().isEmpty() || cell.get().successors().size() == 1) {
                adopt(answer.self(), answer.successors());
            }
            // otherwise the peer has lost all successors or has just left: keep the nodes that we know behind it
            candidate.add(nearest(state.self(), answer));
        });
        switch (ending) {
            case ANSWERED -> candidate.forEach(next -> {
                if (next.sameNode(successor)) {
                    notify(next);
                } else {
                    stabilizeFromPredecessor(next);
                }
            });
            case SILENT -> log.debug("{} is silent; the failure detector probes it", successor);
            case DEFERRED -> log.debug("{} is busy; the next tick stabilizes again", successor);
        }
    }

    /**
     * The successor's predecessor, when it lies closer. After total isolation a ring can wind around twice (every
     * pointer consistent, but the order wrong): then the list passes over self and names a nearer node.
     */
    private Peer nearest(Peer self, Neighbours answer) {
        List<Peer> named = new ArrayList<>(answer.successors());
        if (answer.predecessor() != null) {
            named.add(answer.predecessor());
        }
        Peer nearest = answer.self();
        for (Peer peer : named) {
            if (RingInterval.between(self.id(), peer.id(), nearest.id()) && !knownPeers.hasDeparted(peer)) {
                nearest = peer;
            }
        }
        return nearest;
    }

    /** Stabilize from the successor's predecessor: after it has answered, it becomes the first successor. */
    public Ending stabilizeFromPredecessor(Peer candidate) {
        Ending ending = exclusiveQuery.neighbours(candidate, answer -> {
            // a node without successors has no list to give; its way back is Recovery, not our pointers
            if (!answer.successors().isEmpty() || cell.get().successors().isEmpty()) {
                adopt(answer.self(), answer.successors());
            }
        });
        if (ending == Ending.ANSWERED) {
            notify(candidate);
        } else {
            notifyFirstSuccessor();
        }
        return ending;
    }

    /** Rectify: {@code candidate} claims to be our predecessor. */
    public void rectify(Peer candidate) {
        RingState state = cell.get();
        Peer predecessor = state.predecessor();
        if (!state.status().isMember() || candidate.sameNode(state.self()) || knownPeers.hasDeparted(candidate)) {
            return;
        }
        Peer there = answers(candidate);
        if (there == null) {
            return;
        }
        if (predecessor == null || RingInterval.between(predecessor.id(), there.id(), state.self().id())) {
            cell.update(now -> now.withPredecessor(there));
        } else if (predecessor.sameNode(there)) {
            cell.update(now -> now.withPredecessor(predecessor.orOwnClaim(there)));
        } else if (!detector.isSuspected(predecessor) && answers(predecessor) == null) {
            // the detector probes it; once it is dropped, the candidate's next notification succeeds
            log.debug("{} claims to be our predecessor, and {} is silent", candidate, predecessor);
        }
    }

    /** Removes a peer that is gone from every pointer. A newer incarnation of it stays. */
    public void forget(Peer gone, DepartureCause how) {
        AtomicBoolean pointed = new AtomicBoolean();
        RingState after = cell.update(state -> {
            RingState next = without(state, gone, how);
            pointed.set(!next.equals(state));
            return next;
        });
        if (pointed.get()) {
            if (how != DepartureCause.LEFT) {
                passive.lost(gone);
            }
            log.info("{} is gone ({}); successors now {}", gone, how, after.successors());
            knownPeers.lost(gone, how);
            cell.announceGone(gone, how);
        }
    }

    private static RingState without(RingState state, Peer gone, DepartureCause how) {
        List<Peer> successors = state.successors().stream()
                .filter(peer -> !peer.sameNode(gone) || peer.incarnation() > gone.incarnation()).toList();
        Peer predecessor = state.predecessor();
        RingState next = state.withSuccessors(successors).withFingers(state.fingers().without(gone.id()));
        if (predecessor != null && predecessor.sameNode(gone) && predecessor.incarnation() <= gone.incarnation()) {
            next = next.withoutPredecessor();
        }
        if (!state.status().isMember() || !successors.isEmpty() || next.predecessor() != null) {
            return next;
        }
        // no other node is left. After a hand-off, this node is the ring; otherwise other nodes may live on without it
        boolean alone = state.status() == RingStatus.ALONE || how == DepartureCause.LEFT;
        return alone && next.ringId() != null
                ? RingState.alone(next.self(), next.ringId()) : next.withStatus(RingStatus.ISOLATED);
    }

    /**
     * successors := first + list, then without nodes that sent a leave notice, as if the notice came right after the
     * answer. Filtering before the cut would admit entries that no answer vouches for.
     */
    private void adopt(Peer first, List<Peer> list) {
        RingState after = cell.update(state -> state.withSuccessors(
                knownPeers.withoutDeparted(SuccessorList.of(state.self(), first, list, settings.successors()))));
        knownPeers.met(first);
        passive.found(first.id());
        log.trace("successors {}", after.successors());
    }

    void notifyFirstSuccessor() {
        RingState state = cell.get();
        if (!state.successors().isEmpty() && !detector.isSuspected(state.successor())) {
            notify(state.successor());
        }
    }

    private void notify(Peer successor) {
        try {
            detector.ask(successor, new RingRequest.Notify(cell.get().self()));
        } catch (PeerException e) {
            log.debug("{} did not get the notification: {}", successor, e.getMessage());
        }
    }

    /** The candidate's own claim; null unless it answers as a member of our ring. */
    private @Nullable Peer answers(Peer candidate) {
        try {
            RingRequest.Pong pong = detector.ask(candidate, new RingRequest.Ping());
            detector.answered(candidate, pong);
            boolean member = pong.self().sameNode(candidate) && pong.status().isMember();
            return member && ringIds.recognize(pong.ringIds()) ? pong.self() : null;
        } catch (PeerException e) {
            log.debug("{} does not answer: {}", candidate, e.getMessage());
            return null;
        }
    }
}
