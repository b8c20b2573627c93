package io.chordshare.transport;

import io.chordshare.runtime.PeerException;

/** Carries a peer exception out of a controller method whose interface declares no checked exceptions. */
final class PeerRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final PeerException refusal;

    PeerRefusal(PeerException refusal) {
        super(refusal.getMessage(), refusal);
        this.refusal = refusal;
    }

    PeerException refusal() {
        return refusal;
    }
}
