package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingRequest.GetPredecessorAndSuccessors;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one step of one node with the production code, in a given global state. This class is the runtime port of that
 * node: production nodes in the states of their seats answer its requests immediately. When the code goes on to the
 * next step of the protocol, all nodes answer busy, and so the run ends.
 */
final class ProductionStep extends StillRuntime {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** A step retries three times and walks one or two lists. */
    private static final int MAX_CALLS = 64;

    private final SmallRing ring;
    private final long state;
    private final int self;
    private final Seats.Entry entry;
    private final RingNode node;
    private Branch branch = new Branch();
    private int other;
    private Step step = Step.ASK;
    private @Nullable Peer asked;
    private boolean answered;
    private @Nullable Peer next;
    private @Nullable Peer notified;
    private @Nullable Peer recognizing;
    private @Nullable LeaveNotice notice;
    private @Nullable RingState meanwhile;
    private boolean busyMeanwhile;
    private int calls;

    /** A joiner that is not admitted tries again. That is another step. */
    private static final class NotLetIn extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    ProductionStep(SmallRing ring, long state, int self) {
        this.ring = ring;
        this.state = state;
        this.self = self;
        this.entry = ring.entry(state, self);
        this.node = node(self, entry.seat, this);
    }

    private RingNode node(int position, Seat seat, NodeRuntime runtime) {
        RingState at = seat.state();
        // a known peer, so that a joiner keeps its id
        List<Peer> knownPeers = List.of(ring.peer((position + 1) % ring.nodes(), 1));
        IdentityStore.Identity identity = new IdentityStore.Identity(at.self().id(), seat.incarnation() - 1,
                at.ringId(), false,
                List.of(), knownPeers);
        RingNode node = new RingNode(RingTestAccess.settings(ring.ring.r(), List.of()), runtime, new IdentityStore() {
            @Override
            public Optional<Identity> load() {
                return Optional.of(identity);
            }

            @Override
            public void save(Identity saved) {
                // the node lives for one step
            }
        }, at.self().address());
        RingTestAccess.place(node, at);
        RingTestAccess.departed(node, seat.departed());
        if (seat.isBusy()) {
            RingTestAccess.setAsking(node);
        }
        return node;
    }

    // -- the step --------------------------------------------------------------------------------------------------

    /** @param first where the outcomes of this step are stored */
    Branch take(Step what, int other, Branch first) {
        step = what;
        this.other = other;
        branch = first;
        Seats.Entry there = ring.entry(state, other);
        if (other != self) {
            consulted(other, there);
        }
        switch (what) {
            case ASK, GIVE_WAY, LOSE_ANSWER, LEARN_DEATH_WHILE_ASKING -> ask();
            case JOIN -> join(there.seat.state().self());
            case RECTIFY -> RingTestAccess.rectify(node, ring.peer(other, there.seat.incarnation()));
            case RECTIFY_OLD -> RingTestAccess.rectify(node, ring.peer(other, there.seat.incarnation() - 1));
            case LEARN_DEATH -> RingTestAccess.declareDead(node, ring.peer(other, SmallRing.lastDead(there)));
            case LEARN_RETURN -> ping(ring.peer(other, there.seat.incarnation() - 1));
            case DEPART -> {
                node.setLeaving(true);
                node.depart(true);
            }
            case HEAR_LEAVE_NOTICE -> hear(there.leaveNotice());
            case GET_ANSWER, BE_GONE, CRASH, RESTART ->
                    throw new IllegalArgumentException(what + " is not done by the node");
        }
        branch.ends(ring.seats(self).of(seat()), position(notified), position(recognizing));
        return branch;
    }

    private void ask() {
        Peer candidate = switch (entry.seat.doing()) {
            case Seat.Next next -> next.candidate();
            case Seat.Waiting waiting -> waiting.candidate();
            default -> null;
        };
        if (candidate == null) {
            RingTestAccess.stabilize(node);
        } else {
            RingTestAccess.stabilizeFromPredecessor(node, candidate);
        }
    }

    private void join(Peer member) {
        try {
            node.join(member.address(), PATIENCE);
        } catch (JoinFailedException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(member + " is a member and answers", e);
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof NotLetIn)) {
                throw e;
            }
        }
    }

    private void ping(Peer peer) {
        try {
            RingTestAccess.ping(node, peer);
        } catch (PeerException e) {
            throw new IllegalStateException(peer + " is up", e);
        }
    }

    private void hear(LeaveNotice news) {
        try {
            node.answer(new RingRequest.BroadcastRequest(news, node.state().self().id()));
        } catch (PeerException e) {
            throw new IllegalStateException("a member takes news", e);
        }
    }

    /** The seat in which the step left the node. */
    private Seat seat() {
        RingState after = RingTestAccess.pointers(step == Step.DEPART ? meanwhile : node.state());
        Set<Peer> leavers = new LinkedHashSet<>(entry.seat.departed());
        if (step == Step.HEAR_LEAVE_NOTICE) {
            leavers.add(ring.entry(state, other).leaveNotice().leaver());
        }
        Seat idle = Seat.idle(after, RingTestAccess.departedOf(node, leavers));
        if (step == Step.LEARN_DEATH && entry.seat.doing() instanceof Seat.Next still) {
            return idle.doing(still);
        }
        if (step == Step.DEPART) {
            Seat gone = Seat.idle(RingTestAccess.pointers(node.state()), List.of()).doing(new Seat.Gone(notice));
            return idle.doing(new Seat.Departing(notice, busyMeanwhile, ring.seats(self).of(gone)));
        }
        boolean isAnswered = step == Step.JOIN ? !after.equals(entry.seat.state()) : answered;
        if (!isAnswered || step == Step.LOSE_ANSWER) {
            return idle;
        }
        Seat then = next == null ? idle : idle.doing(new Seat.Next(next));
        Peer candidate = entry.seat.doing() instanceof Seat.Next stabilized ? stabilized.candidate() : null;
        Seat now = step == Step.LEARN_DEATH_WHILE_ASKING
                ? Seat.idle(RingTestAccess.pointers(meanwhile), entry.seat.departed()) : entry.seat;
        return now.doing(new Seat.Waiting(candidate, position(asked), ring.seats(self).of(then), position(notified)));
    }

    private int position(@Nullable Peer peer) {
        return peer == null ? Seat.NOBODY : ring.position(peer.id());
    }

    // -- the runtime port ------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        if (++calls > MAX_CALLS) {
            throw new IllegalStateException("a step does not come to its end");
        }
        return (A) switch (request) {
            case GetPredecessorAndSuccessors question -> neighbours(peer, question);
            case Ping ping -> consult(peer, ping);
            case RingRequest.Join join -> {
                asked = peer;
                yield consult(peer, join);
            }
            case RingRequest.NextHop hop ->
                    // the lookup of a joiner may be arbitrarily stale, so every member is asked once
                    new RingRequest.Hop(peer, peer, List.of(), List.of());
            case RingRequest.Notify notice -> {
                notified = peer;
                yield new RingRequest.Done();
            }
            case RingRequest.BroadcastRequest(LeaveNotice news, ChordId limit) -> {
                notice = news;
                meanwhile = node.state();
                busyMeanwhile = RingTestAccess.isAsking(node);
                yield new RingRequest.Done();
            }
            default -> throw new IllegalStateException(step + " sends " + request);
        };
    }

    private Neighbours neighbours(Peer peer, GetPredecessorAndSuccessors question) throws PeerException {
        boolean first = asked == null;
        if (first && step == Step.LOSE_ANSWER) {
            asked = peer;
            throw new PeerException(Reason.NO_ANSWER, peer + " has died");
        }
        boolean learns = step == Step.LEARN_DEATH_WHILE_ASKING;
        if (first && (step == Step.ASK || learns)) {
            asked = peer;
            Neighbours answer = consult(peer, question);
            answered = !answer.busy();
            if (learns) {
                RingTestAccess.declareDead(node, ring.peer(other, SmallRing.lastDead(ring.entry(state, other))));
                meanwhile = node.state();
            }
            return answer;
        }
        if ((step == Step.ASK || learns) && answered) {
            next = peer;
        }
        return new Neighbours(true, peer, null, null, List.of());
    }

    private <A> A consult(Peer peer, RingRequest<A> question) throws PeerException {
        int position = position(peer);
        if (position == self) {
            return node.answer(question);
        }
        Seats.Entry there = ring.entry(state, position);
        consulted(position, there);
        if (there.isDown()) {
            throw new PeerException(Reason.NO_ANSWER, peer + " is down");
        }
        RingNode target = node(position, there.seat, new CalledBack());
        target.check(node.envelope(peer.id()), question instanceof Ping);
        A answer = target.answer(question);
        RingState after = RingTestAccess.pointers(target.state());
        if (question instanceof RingRequest.Join(Peer joiner)
                && after.equals(RingTestAccess.withNewer(there.seat.state(), joiner))) {
            recognizing = peer;
        } else if (!after.equals(there.seat.state())) {
            throw new IllegalStateException("a step changes its own node's state only, and not " + target.state());
        }
        return answer;
    }

    /** A node that is asked asks no other node, except that a member calls its joiner back. */
    private final class CalledBack extends StillRuntime {

        @Override
        public <A> A call(Peer peer, Request<A> request) throws PeerException {
            if (step == Step.JOIN && request instanceof RingRequest<A> question && question instanceof Ping
                    && position(peer) == self) {
                return node.answer(question);
            }
            return super.call(peer, request);
        }
    }

    /** From now on, the outcome depends on the state of that node. */
    private void consulted(int position, Seats.Entry there) {
        branch.asks(position);
        branch = branch.answered(there.face);
    }

    @Override
    public Peer identify(String address) {
        for (int other = 0; other < ring.nodes(); other++) {
            Seats.Entry there = ring.entry(state, other);
            if (ring.peer(other, 1).address().equals(address)) {
                consulted(other, there);
                return there.seat.state().self();
            }
        }
        throw new IllegalArgumentException(address);
    }

    /** Runs the step queue immediately. Other tasks are other steps, or not part of this search. */
    @Override
    public void start(String name, Runnable task) {
        boolean throughTheQueue = switch (step) {
            case JOIN, LEARN_DEATH, DEPART, HEAR_LEAVE_NOTICE -> true;
            default -> false;
        };
        if (throughTheQueue && name.equals("ring-steps")) {
            task.run();
        }
    }

    @Override
    public void sleep(Duration duration) {
        if (step == Step.JOIN && !node.state().status().isMember()) {
            throw new NotLetIn();
        }
    }
}
