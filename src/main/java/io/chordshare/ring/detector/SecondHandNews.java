package io.chordshare.ring.detector;

import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;

/**
 * Evaluates what other nodes report of a silent peer. A report that it answered at its known address counts as a sign
 * of life. A report that it has moved counts only when the peer itself confirms it: otherwise one forged report would
 * move a neighbour away.
 */
public final class SecondHandNews {

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final FailureDetector detector;

    SecondHandNews(NodeRuntime runtime, StateCell cell, FailureDetector detector) {
        this.runtime = runtime;
        this.cell = cell;
        this.detector = detector;
    }

    /** A suspect of this node has answered another node under a higher incarnation. */
    void refuted(Peer claim) {
        detector.suspicions().find(claim.id()).map(Suspicion::peer).ifPresent(suspect -> {
            if (suspect.incarnation() < claim.incarnation() && !hasMoved(suspect, claim)) {
                detector.suspicions().clear(claim.id());
                cell.update(state -> state.withNewer(claim));
            }
        });
    }

    /**
     * Evaluates the answer of {@code asked} that a ping-req target reports. False when it is no better than silence.
     */
    public boolean brought(Peer asked, Pong pong) {
        return pong.self().sameNode(asked) && !hasMoved(asked, pong.self()) && detector.answered(asked, pong);
    }

    private boolean hasMoved(Peer known, Peer claim) {
        if (known.address().equals(claim.address())) {
            return false;
        }
        runtime.start("claim", () -> {
            try {
                Pong pong = detector.ask(claim, new Ping());
                detector.answered(claim, pong);
            } catch (PeerException e) {
                // the known address stays, and is asked again
            }
        });
        return true;
    }
}
