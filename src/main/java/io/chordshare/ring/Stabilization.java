package io.chordshare.ring;

import io.chordshare.ring.Questions.Ending;
import io.chordshare.ring.RingListener.Departure;
import io.chordshare.ring.RingRequest.Neighbours;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two stabilise steps and rectify of the corrected Chord (Zave, TSE 2017, section 4 and figure 5). Each runs in the
 * step queue, asks at most one peer at a time and changes only this node's own state. A new first successor or
 * predecessor is never adopted before it has answered.
 */
final class Stabilization {

    private static final Logger log = LoggerFactory.getLogger(Stabilization.class);

    private final StateCell cell;
    private final Questions questions;
    private final FailureDetector detector;
    private final NodeRuntime runtime;
    private final RingSettings settings;
    private final Contacts contacts;

    Stabilization(StateCell cell, Questions questions, FailureDetector detector, NodeRuntime runtime,
                  RingSettings settings, Contacts contacts) {
        this.cell = cell;
        this.questions = questions;
        this.detector = detector;
        this.runtime = runtime;
        this.settings = settings;
        this.contacts = contacts;
    }

    /** Stabilise from successor. True when the list changed: then it is worth doing again soon. */
    boolean stabilize() {
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
        List<Peer> candidate = new ArrayList<>(1);
        Ending ending = questions.neighbours(successor, answer -> {
            Peer answering = answer.self();
            adopt(answering, answer.successors());
            candidate.add(nearest(state.self(), answer));
        });
        switch (ending) {
            case ANSWERED -> {
                Peer next = candidate.getFirst();
                if (next.sameNode(successor)) {
                    notify(next);
                } else {
                    stabilizeFromPredecessor(next);
                }
            }
            case SILENT -> {
                if (detector.examine(successor) == FailureDetector.Verdict.DEAD) {
                    forget(successor, Departure.DEAD);
                    notifyFirstSuccessor();
                }
            }
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
    void stabilizeFromPredecessor(Peer candidate) {
        Ending ending = questions.neighbours(candidate, answer -> adopt(answer.self(), answer.successors()));
        if (ending == Ending.ANSWERED) {
            notify(candidate);
        } else {
            notifyFirstSuccessor();
        }
    }

    /** Rectify: {@code candidate} says that it may be our predecessor. */
    void rectify(Peer candidate) {
        RingState state = cell.get();
        Peer predecessor = state.predecessor();
        if (!state.status().isMember() || candidate.sameNode(state.self())
                || contacts.hasDeparted(candidate) || !answers(candidate)) {
            return;
        }
        if (predecessor == null || RingInterval.between(predecessor.id(), candidate.id(), state.self().id())) {
            cell.update(now -> now.withPredecessor(candidate));
        } else if (predecessor.sameNode(candidate)) {
            cell.update(now -> now.withPredecessor(predecessor.newest(candidate)));
        } else if (detector.examine(predecessor) == FailureDetector.Verdict.DEAD) {
            forget(predecessor, Departure.DEAD);
            cell.update(now -> now.withPredecessor(candidate));
        }
    }

    /** Removes a peer that is gone from every pointer. A newer incarnation of it stays. */
    void forget(Peer gone, Departure how) {
        RingState before = cell.get();
        RingState after = cell.update(state -> without(state, gone, how));
        if (!before.equals(after)) {
            log.info("{} is gone ({}); successors now {}", gone, how, after.successors());
            contacts.lost(gone, how);
            cell.announceGone(gone, how);
        }
    }

    private static RingState without(RingState state, Peer gone, Departure how) {
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
        boolean alone = state.status() == RingStatus.ALONE || how == Departure.LEFT;
        return alone && next.ringId() != null
                ? RingState.alone(next.self(), next.ringId()) : next.withStatus(RingStatus.ISOLATED);
    }

    /** successors := first + list. */
    private void adopt(Peer first, List<Peer> list) {
        List<Peer> known = contacts.withoutDeparted(list);
        RingState after = cell.update(state -> state.withSuccessors(
                SuccessorList.of(state.self(), first, known, settings.successors())));
        contacts.met(first);
        log.trace("successors {}", after.successors());
    }

    void notifyFirstSuccessor() {
        RingState state = cell.get();
        if (!state.successors().isEmpty()) {
            notify(state.successors().getFirst());
        }
    }

    private void notify(Peer successor) {
        try {
            runtime.call(successor, new RingRequest.Notify(cell.get().self()));
            detector.heard(successor);
        } catch (PeerException e) {
            // the next tick asks it again and finds out whether it is dead
            detector.blame(successor, e);
        }
    }

    private boolean answers(Peer candidate) {
        try {
            RingRequest.Pong pong = runtime.call(candidate, new RingRequest.Ping());
            detector.heard(candidate);
            return pong.status().isMember() && Objects.equals(pong.ringId(), cell.get().ringId());
        } catch (PeerException e) {
            detector.blame(candidate, e);
            return false;
        }
    }
}
