package io.chordshare.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The port to everything that would make a run unrepeatable: clock, sleep, randomness, peer calls and tasks. Production
 * implements it with virtual threads and HTTP, the simulator with virtual time and one seed. Code above this port is
 * straight-line and blocks.
 */
public interface NodeRuntime {

    /** Monotonic time since an arbitrary moment in the past of this process. */
    Duration uptime();

    /**
     * The wall clock, for people to read. Nothing is ordered by it. It also bounds counters from outside: a counter too
     * far ahead of it is refused.
     */
    Instant wallClock();

    /** Waits. Returns early only when the node stops. */
    void sleep(Duration duration);

    RandomGenerator random();

    /**
     * Asks {@code peer} and waits for the answer. The kind of request sets the timeout.
     *
     * @throws PeerException when there is no answer, or the peer refused
     */
    <A> A call(Peer peer, Request<A> request) throws PeerException;

    /**
     * As {@link #call(Peer, Request)}, but waits at most {@code patience}. The peer may still do what it was asked. A
     * later answer is dropped.
     *
     * @throws PeerException when there is no answer in time, or the peer refused
     */
    <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException;

    /**
     * The node that listens at {@code address}, whatever its id.
     *
     * @throws PeerException when nothing answers there, or something that is not a node
     */
    Peer identify(String address) throws PeerException;

    /**
     * As {@link #identify(String)}, but waits at most {@code patience}.
     *
     * @throws PeerException when nothing answers there in time, or something that is not a node
     */
    Peer identify(String address, Duration patience) throws PeerException;

    /** Starts a background task. The task must end by itself and must not throw. */
    void start(String name, Runnable task);

    /**
     * Waits until another task of this node completes {@code future}.
     *
     * @return false when {@code atMost} passes first, or the node stops
     */
    boolean await(CompletableFuture<?> future, Duration atMost);

    /**
     * Runs all calls at once. Returns the outcomes in order of arrival, as soon as {@code enough} accepts them or all
     * calls ended. Calls still under way continue until their own timeout.
     */
    <T> List<Outcome<T>> gather(List<PeerCall<T>> calls, Predicate<List<Outcome<T>>> enough);

    /** Runs all calls at once and waits for all of them. */
    default <T> List<Outcome<T>> gather(List<PeerCall<T>> calls) {
        return gather(calls, outcomes -> false);
    }
}
