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

/** Answers the requests of peers. Every request except a ping-req is answered immediately, from a snapshot. */
public final class RequestHandler {

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final RingIds ringIds;
    private final PingHandler pingHandler;
    private final ExclusiveQuery exclusiveQuery;
    private final Routing routing;
    private final NewsHandler news;
    private final MessageSteps messageSteps;

    public RequestHandler(ThisNode node, RingIds ringIds, PingHandler pingHandler, ExclusiveQuery exclusiveQuery,
            Routing routing, NewsHandler news, MessageSteps messageSteps) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.ringIds = ringIds;
        this.pingHandler = pingHandler;
        this.exclusiveQuery = exclusiveQuery;
        this.routing = routing;
        this.news = news;
        this.messageSteps = messageSteps;
    }

    /** Checks that a message is meant for this node and comes from this ring. */
    public void check(Envelope envelope, boolean crossesRings) throws PeerException {
        RingState state = cell.get();
        ChordId to = envelope.to();
        if (to != null && !to.equals(state.self().id())) {
            throw new PeerException(Reason.NOT_THAT_NODE, "this is node " + state.self().id() + ", not " + to);
        }
        if (!envelope.ringIds().isEmpty() && !ringIds.knows(envelope.ringIds()) && !crossesRings) {
            throw new PeerException(Reason.WRONG_RING,
                    "this node is in ring " + state.ringId() + ", not in " + envelope.ringIds());
        }
    }

    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(RingRequest<A> request) throws PeerException {
        RingState state = cell.get();
        if (request instanceof Ping ping) {
            return (A) pingHandler.pong(ping);
        }
        if (request instanceof RingRequest.Regroup regroup) {
            return (A) messageSteps.regrouping().answer(regroup);
        }
        if (state.status() == RingStatus.JOINING && request instanceof RingRequest.UnifyRings(Peer member)) {
            runtime.start("probe-member", () -> pingHandler.probeMember(member));
            return (A) new Done();
        }
        if (!state.status().isMember()) {
            throw new PeerException(Reason.NOT_A_MEMBER, state.self().address() + " is not a member of a ring yet");
        }
        return (A) switch (request) {
            case Ping ping -> throw new IllegalStateException("answered above: " + ping);
            case RingRequest.Regroup regroup -> throw new IllegalStateException("answered above: " + regroup);
            case RingRequest.PingReq question -> pingHandler.answerPingReq(question);
            // this order matters: a question that ends between the two reads has changed the state
            case RingRequest.GetPredecessorAndSuccessors ask -> exclusiveQuery.busy()
                    ? Neighbours.busy(state.self()) : Neighbours.of(cell.get());
            case RingRequest.GetNeighbours ask -> Neighbours.of(state);
            case RingRequest.GetPointers question -> RingRequest.Pointers.of(state);
            case RingRequest.Join(Peer joiner) -> messageSteps.admission().answer(joiner);
            case RingRequest.NextHop(ChordId key) -> routing.answer(state, key);
            case RingRequest.Notify(Peer candidate) -> {
                steps.submitForOthers("rectify:" + candidate.id(),
                        () -> messageSteps.stabilization().rectify(candidate));
                yield new Done();
            }
            case RingRequest.UnifyRings unify -> {
                messageSteps.unification().handle(unify);
                yield new Done();
            }
            case BroadcastRequest broadcast -> {
                news.handle(broadcast);
                yield new Done();
            }
        };
    }
}
