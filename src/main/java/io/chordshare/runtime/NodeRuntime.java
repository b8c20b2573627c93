package io.chordshare.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Everything that would make a run unrepeatable, in one place: the clock, sleeping, randomness, calling a peer, and
 * doing several things at once. In production it is virtual threads and HTTP; a simulator implements it with virtual
 * time and one seed. The code above it is straight-line and blocks.
 */
public interface NodeRuntime {

    /** Monotonic time since some moment of this process's past. */
    Duration uptime();

    /**
     * The wall clock: shown to people. Nothing is ordered by it. A counter that is further ahead of it than any clock
     * can be is refused.
     */
    Instant wallClock();

    /** Waits; returns early only when the node is stopped. */
    void sleep(Duration duration);

    RandomGenerator random();

    /**
     * Asks {@code peer} and waits for the answer, at most as long as the kind of request allows.
     *
     * @throws PeerException when there is no answer, or the peer refused
     */
    <A> A call(Peer peer, Request<A> request) throws PeerException;

    /**
     * As {@link #call(Peer, Request)}, but waits no longer than {@code patience}. The peer may do what it was asked all
     * the same; an answer that comes later is dropped.
     *
     * @throws PeerException when there is no answer in time, or the peer refused
     */
    <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException;

    /**
     * The node that listens at {@code address}, whatever its id.
     *
     * @throws PeerException when nobody answers there, or something that is not a node
     */
    Peer identify(String address) throws PeerException;

    /**
     * As {@link #identify(String)}, but waits no longer than {@code patience}.
     *
     * @throws PeerException when nobody answers there in time, or something that is not a node
     */
    Peer identify(String address, Duration patience) throws PeerException;

    /** Starts a task that goes on by itself. It must end by itself and must not throw. */
    void start(String name, Runnable task);

    /**
     * Waits until another task of this node has completed {@code future}.
     *
     * @return false when it has not within {@code atMost}, or the node is stopped
     */
    boolean await(CompletableFuture<?> future, Duration atMost);

    /**
     * Runs all calls at once and returns what came back, in order of arrival, as soon as {@code enough} says so or all
     * are done. What is still under way goes on until its own timeout.
     */
    <T> List<Outcome<T>> gather(List<PeerCall<T>> calls, Predicate<List<Outcome<T>>> enough);

    /** Runs all calls at once and waits for every one. */
    default <T> List<Outcome<T>> gather(List<PeerCall<T>> calls) {
        return gather(calls, outcomes -> false);
    }
}
