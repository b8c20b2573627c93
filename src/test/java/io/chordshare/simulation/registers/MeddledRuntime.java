package io.chordshare.simulation.registers;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.transport.ProductionTimeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** A node's runtime, with mishaps on the way of what it asks others. */
final class MeddledRuntime implements NodeRuntime {

    private final SimulatedNode node;
    private final Mishaps mishaps;

    MeddledRuntime(SimulatedNode node, Mishaps mishaps) {
        this.node = node;
        this.mishaps = mishaps;
    }

    @Override
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        return call(peer, request, ProductionTimeouts.of(request));
    }

    @Override
    public <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException {
        Mishaps.Fate fate = mishaps.of(node.uptime(), node, peer, request);
        if (fate == null) {
            return node.call(peer, request, patience);
        }
        Duration end = node.uptime().plus(patience);
        // what a node asks itself cannot get lost
        boolean remains = node.self().sameNode(peer);
        if (fate == Mishaps.Fate.REQUEST_LATE || fate == Mishaps.Fate.REQUEST_LOST && remains) {
            node.sleep(mishaps.late());
        }
        A answer = fate == Mishaps.Fate.REQUEST_LOST && !remains ? null : node.call(peer, request, patience);
        if (answer == null || fate == Mishaps.Fate.ANSWER_LOST && !remains) {
            Duration left = end.minus(node.uptime());
            node.sleep(left.isNegative() ? Duration.ZERO : left);
            throw new PeerException(Reason.NO_ANSWER, "lost on the way");
        }
        if (fate == Mishaps.Fate.ANSWER_LATE) {
            node.sleep(mishaps.late());
        }
        return answer;
    }

    @Override
    public Duration uptime() {
        return node.uptime();
    }

    @Override
    public Instant wallClock() {
        return node.wallClock();
    }

    @Override
    public void sleep(Duration duration) {
        node.sleep(duration);
    }

    @Override
    public RandomGenerator random() {
        return node.random();
    }

    @Override
    public Peer identify(String address) throws PeerException {
        return node.identify(address);
    }

    @Override
    public Peer identify(String address, Duration patience) throws PeerException {
        return node.identify(address, patience);
    }

    @Override
    public void start(String name, Runnable task) {
        node.start(name, task);
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) {
        return node.await(future, atMost);
    }

    @Override
    public <T> List<Outcome<T>> gather(List<PeerCall<T>> calls, Predicate<List<Outcome<T>>> enough) {
        return node.gather(calls, enough);
    }
}
