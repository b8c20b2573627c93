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
 * The two stabilise steps and rectify of the corrected Chord (Zave, TSE 2017, section 4 and figure 5). Each runs in the
 * step queue, asks at most one peer at a time and changes only this node's own state. A new first successor or
 * predecessor is never adopted before it has answered.
 */
public final class Stabilization {

    private static final Logger log = LoggerFactory.getLogger(Stabilization.class);

    private final StateCell cell;
    private final ExclusiveQuery questions;
    private final FailureDetector detector;
    private final RingSettings settings;
    private final KnownPeers contacts;
    private final PassiveList passive;
    private final RingIds names;

    public Stabilization(StateCell cell, ExclusiveQuery questions, FailureDetector detector,
                  RingSettings settings, KnownPeers contacts, PassiveList passive, RingIds names) {
        this.cell = cell;
        this.questions = questions;
        this.detector = detector;
        this.settings = settings;
        this.contacts = contacts;
        this.passive = passive;
        this.names = names;
    }

    /** Stabilise from successor. True when the list changed: then it is worth doing again soon. */
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
            // a ring of one hears of its second node by being notified: it stabilises from its predecessor, as does a
            // node that lost all successors but still knows who is before it
            state.knownPredecessor().ifPresent(this::stabilizeFromPredecessor);
            return;
        }
        Peer successor = state.successors().getFirst();
        if (detector.isSuspected(successor)) {
            // it is being asked already, and other steps in the queue must not wait for it
            return;
        }
        List<Peer> candidate = new ArrayList<>(1);
        Ending ending = questions.neighbours(successor, answer -> {
            if (cell.get().successors().stream().noneMatch(successor::sameNode)) {
                // declared dead meanwhile: its last words come too late, as if they were lost
                return;
            }
            if (!answer.successors().isEmpty() || cell.get().successors().size() == 1) {
                adopt(answer.self(), answer.successors());
            }
            // else it has lost everybody, or has just left: no reason to forget whom we know behind it
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
            case SILENT -> log.debug("{} is silent; the failure detector looks closer", successor);
            case DEFERRED -> log.debug("{} is busy; stabilising again at the next tick", successor);
        }
    }

    /**
     * The successor's predecessor, when it lies before it. After total isolation a ring can wind around twice (every
     * pointer consistent, order wrong): then the list passes over self, and names somebody nearer.
     */
    private Peer nearest(Peer self, Neighbours answer) {
        List<Peer> named = new ArrayList<>(answer.successors());
        if (answer.predecessor() != null) {
            named.add(answer.predecessor());
        }
        Peer nearest = answer.self();
        for (Peer peer : named) {
            if (RingInterval.between(self.id(), peer.id(), nearest.id()) && !contacts.hasDeparted(peer)) {
                nearest = peer;
            }
        }
        return nearest;
    }

    /** Stabilise from the successor's predecessor: only now that it has answered does it become the first successor. */
    public Ending stabilizeFromPredecessor(Peer candidate) {
        Ending ending = questions.neighbours(candidate, answer -> {
            // who has lost everybody has no list to give; its way back is Recovery, not through our pointers
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

    /** Rectify: {@code candidate} says that it may be our predecessor. */
    public void rectify(Peer candidate) {
        RingState state = cell.get();
        Peer predecessor = state.predecessor();
        if (!state.status().isMember() || candidate.sameNode(state.self()) || contacts.hasDeparted(candidate)) {
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
            // the detector looks closer; once it is forgotten, the candidate's next notice finds its place free
            log.debug("{} says that it comes before us, and {} is silent", candidate, predecessor);
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
            contacts.lost(gone, how);
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
        // nobody is left. After its hand-over we are the ring; otherwise the others may live on without us
        boolean alone = state.status() == RingStatus.ALONE || how == DepartureCause.LEFT;
        return alone && next.ringId() != null
                ? RingState.alone(next.self(), next.ringId()) : next.withStatus(RingStatus.ISOLATED);
    }

    /**
     * successors := first + list, and then without those that told us that they are gone: as if their notice came right
     * after the answer. To leave them out before the list is cut would let entries in that no answer has vouched for.
     */
    private void adopt(Peer first, List<Peer> list) {
        RingState after = cell.update(state -> state.withSuccessors(
                contacts.withoutDeparted(SuccessorList.of(state.self(), first, list, settings.successors()))));
        contacts.met(first);
        passive.found(first.id());
        log.trace("successors {}", after.successors());
    }

    public void notifyFirstSuccessor() {
        RingState state = cell.get();
        if (!state.successors().isEmpty() && !detector.isSuspected(state.successor())) {
            notify(state.successor());
        }
    }

    private void notify(Peer successor) {
        try {
            detector.ask(successor, new RingRequest.Notify(cell.get().self()));
        } catch (PeerException e) {
            log.debug("{} was not notified: {}", successor, e.getMessage());
        }
    }

    /** Who the candidate says that it is; null unless it answers as a member of our ring. */
    private @Nullable Peer answers(Peer candidate) {
        try {
            RingRequest.Pong pong = detector.ask(candidate, new RingRequest.Ping());
            detector.answered(candidate, pong);
            boolean member = pong.self().sameNode(candidate) && pong.status().isMember();
            return member && names.recognize(pong.ringIds()) ? pong.self() : null;
        } catch (PeerException e) {
            log.debug("{} does not answer: {}", candidate, e.getMessage());
            return null;
        }
    }
}
