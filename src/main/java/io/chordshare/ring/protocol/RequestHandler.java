package io.chordshare.ring.protocol;

import io.chordshare.id.ChordId;
import io.chordshare.ring.lookup.Routing;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingRequest.Done;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;

/** What this node answers its peers. Everything but a ping for another is answered at once, from a snapshot. */
public final class RequestHandler {

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final RingIds names;
    private final PingHandler pings;
    private final ExclusiveQuery questions;
    private final Routing routing;
    private final NewsHandler news;
    private final MessageSteps parts;

    public RequestHandler(ThisNode node, RingIds names, PingHandler pings, ExclusiveQuery questions, Routing routing,
            NewsHandler news, MessageSteps parts) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.names = names;
        this.pings = pings;
        this.questions = questions;
        this.routing = routing;
        this.news = news;
        this.parts = parts;
    }

    /** Is the message meant for this node, from a node of this ring? */
    public void check(Envelope envelope, boolean crossesRings) throws PeerException {
        RingState state = cell.get();
        ChordId to = envelope.to();
        if (to != null && !to.equals(state.self().id())) {
            throw new PeerException(Reason.NOT_THAT_NODE, "this is node " + state.self().id() + ", not " + to);
        }
        if (!envelope.ringIds().isEmpty() && !names.knows(envelope.ringIds()) && !crossesRings) {
            throw new PeerException(Reason.WRONG_RING,
                    "this node is in ring " + state.ringId() + ", not in " + envelope.ringIds());
        }
    }

    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(RingRequest<A> request) throws PeerException {
        RingState state = cell.get();
        if (request instanceof Ping ping) {
            return (A) pings.pong(ping);
        }
        if (request instanceof RingRequest.Regroup regroup) {
            return (A) parts.regrouping().answer(regroup);
        }
        if (state.status() == RingStatus.JOINING && request instanceof RingRequest.UnifyRings(Peer member)) {
            runtime.start("met", () -> pings.meet(member));
            return (A) new Done();
        }
        if (!state.status().isMember()) {
            throw new PeerException(Reason.NOT_A_MEMBER, state.self().address() + " is not a member of a ring yet");
        }
        return (A) switch (request) {
            case Ping ping -> throw new IllegalStateException("answered above: " + ping);
            case RingRequest.Regroup regroup -> throw new IllegalStateException("answered above: " + regroup);
            case RingRequest.PingReq question -> pings.pingFor(question);
            // in this order: a question that ends in between has changed what is told
            case RingRequest.GetPredecessorAndSuccessors ask -> questions.busy()
                    ? Neighbours.busy(state.self()) : Neighbours.of(cell.get());
            case RingRequest.GetNeighbours view -> Neighbours.of(state);
            case RingRequest.GetPointers question -> RingRequest.Pointers.of(state);
            case RingRequest.Join(Peer joiner) -> parts.admission().answer(joiner);
            case RingRequest.NextHop(ChordId key) -> routing.answer(state, key);
            case RingRequest.Notify(Peer candidate) -> {
                steps.submitForOthers("rectify:" + candidate.id(), () -> parts.stabilization().rectify(candidate));
                yield new Done();
            }
            case RingRequest.UnifyRings meet -> {
                parts.unification().hear(meet);
                yield new Done();
            }
            case BroadcastRequest spread -> {
                news.hear(spread);
                yield new Done();
            }
        };
    }
}
