package io.chordshare.ring.detector;

import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;

/**
 * What others say of a peer that is silent here: that it has answered them. That counts as a sign of life where it is
 * known to be. That it is somewhere else now counts only once it has said so itself: else one lie would move a
 * neighbour away.
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

    /** Somebody whom this node suspects has answered another under a higher incarnation. */
    void refuted(Peer claim) {
        detector.suspicion(claim.id()).map(Suspicion::peer).ifPresent(suspect -> {
            if (suspect.incarnation() < claim.incarnation() && !hasMoved(suspect, claim)) {
                detector.clear(claim.id());
                cell.update(state -> state.withNewer(claim));
            }
        });
    }

    /** A helper brings the answer of {@code asked}. False when it is no better than silence. */
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
                // it stays where it is known to be, and is asked there
            }
        });
        return true;
    }
}
