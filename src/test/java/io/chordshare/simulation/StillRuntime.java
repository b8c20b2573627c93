package io.chordshare.simulation;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A runtime in which time stands still: a node can answer from its snapshot, but sends no requests and starts no tasks.
 */
class StillRuntime implements NodeRuntime {

    @Override
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        throw new IllegalStateException("a node that answers must not send to " + peer + ": " + request);
    }

    @Override
    public final <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException {
        return call(peer, request);
    }

    @Override
    public Peer identify(String address) throws PeerException {
        throw new IllegalStateException("a node that answers must not send to " + address);
    }

    @Override
    public final Peer identify(String address, Duration patience) throws PeerException {
        return identify(address);
    }

    @Override
    public void start(String name, Runnable task) {
        // a background task is another step, or not part of the protocol
    }

    @Override
    public void sleep(Duration duration) {
        // time stands still
    }

    @Override
    public final boolean await(CompletableFuture<?> future, Duration atMost) {
        return future.isDone();
    }

    @Override
    public final <T> List<Outcome<T>> gather(List<PeerCall<T>> calls, Predicate<List<Outcome<T>>> enough) {
        return calls.stream().map(Outcome::of).toList();
    }

    @Override
    public final Duration uptime() {
        return Duration.ZERO;
    }

    @Override
    public final Instant wallClock() {
        return Instant.EPOCH;
    }

    @Override
    public final RandomGenerator random() {
        return new SplittableRandom(1);
    }
}
