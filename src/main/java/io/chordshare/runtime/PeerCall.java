package io.chordshare.runtime;

/** A call to a peer. */
@FunctionalInterface
public interface PeerCall<T> {

    T run() throws PeerException;
}
