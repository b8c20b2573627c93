package io.chordshare.runtime;

/** Something that asks a peer. */
@FunctionalInterface
public interface PeerCall<T> {

    T run() throws PeerException;
}
