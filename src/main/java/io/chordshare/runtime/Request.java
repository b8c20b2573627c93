package io.chordshare.runtime;

/**
 * A question to a peer. Each feature has its own sealed family of them.
 *
 * @param <A> what is answered
 */
public interface Request<A> {}
