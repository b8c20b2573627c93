package io.chordshare.runtime;

/**
 * A request to a peer. Each feature has its own sealed family of requests.
 *
 * @param <A> the type of the answer
 */
public interface Request<A> {}
