package io.chordshare.simulation;

import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.EventLog.Kind;

/**
 * The answering side of a request: what {@code PeerCheck} and {@code PeerController} do in production, without HTTP.
 */
final class Answering {

    private Answering() {}

    static <A> A locally(SimulatedNode node, Request<A> request) throws PeerException {
        if (request instanceof RingRequest<A> question) {
            return node.node().answer(question);
        }
        return node.attachment().orElseThrow(() -> new IllegalArgumentException(
                "the simulator has no answer to " + request.getClass())).answer(request);
    }

    static <A> void answer(SimulatedNode node, Host host, Exchange<A> exchange, boolean first) {
        node.note(Kind.ARRIVED, exchange.request);
        if (exchange.request != null) {
            node.countHandled(exchange.request);
        }
        if (exchange.request == null || fromMemory(exchange.request)) {
            answerNow(node, host, exchange, first);
        } else {
            // if the node crashes before it answers, the asker gets no answer
            exchange.expect();
            node.start("answer", () -> answerNow(node, host, exchange, first));
        }
    }

    /** These requests never wait, and a task for each would cost more than the answer. */
    private static boolean fromMemory(Request<?> request) {
        return request instanceof RingRequest.Ping || request instanceof RingRequest.NextHop
                || request instanceof RingRequest.GetNeighbours
                || request instanceof RingRequest.GetPredecessorAndSuccessors
                || request instanceof RingRequest.Notify;
    }

    private static <A> void answerNow(SimulatedNode node, Host host, Exchange<A> exchange, boolean first) {
        A answer;
        try {
            answer = compute(node, exchange);
        } catch (PeerException e) {
            node.note(Kind.ANSWERED, e.reason());
            if (first) {
                node.world().network().answer(exchange, host, () -> {
                    exchange.asker.note(Kind.RECEIVED, e.reason());
                    exchange.fail(e.reason(), exchange.address + " answered: " + e.getMessage());
                });
            }
            return;
        }
        node.note(Kind.ANSWERED, answer);
        if (first) {
            if (exchange.request instanceof RingRequest.GetPredecessorAndSuccessors
                    || exchange.request instanceof RingRequest.Join) {
                exchange.pending(new PendingAnswer(node.world().log().entries(), exchange.asker, node, exchange.request,
                        answer));
            }
            node.world().network().answer(exchange, host, () -> {
                exchange.asker.note(Kind.RECEIVED, null);
                exchange.succeed(answer);
            });
        }
    }

    @SuppressWarnings("unchecked") // the question who one is has no request that would name the type of its answer
    private static <A> A compute(SimulatedNode node, Exchange<A> exchange) throws PeerException {
        Reason refusal = node.refusal();
        if (refusal != null) {
            throw new PeerException(refusal, node.address() + " refuses");
        }
        Request<A> request = exchange.request;
        if (request == null) {
            return (A) node.self();
        }
        node.node().check(exchange.envelope, request instanceof RingRequest.Ping);
        return locally(node, request);
    }
}
