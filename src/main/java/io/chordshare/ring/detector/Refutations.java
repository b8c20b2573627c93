package io.chordshare.ring.detector;

import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Handles the suspects that a ping carries: refutes, confirms or probes them (SWIM, section 4.2). */
final class Refutations {

    /** An older answer proves nothing: the suspect may have died since, under the higher incarnation. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final RttEstimator roundTrips;
    private final FailureDetector detector;

    Refutations(NodeRuntime runtime, StateCell cell, RttEstimator roundTrips, FailureDetector detector) {
        this.runtime = runtime;
        this.cell = cell;
        this.roundTrips = roundTrips;
        this.detector = detector;
    }

    /**
     * The suspects of {@code ping} that have just answered this node with a higher incarnation. This node probes the
     * others itself when they are its neighbours.
     */
    List<Peer> to(Ping ping) {
        List<Peer> refuted = new ArrayList<>();
        for (Suspect suspect : ping.suspects().stream().limit(Suspicions.MAX_SUSPECTS).toList()) {
            Peer claim = roundTrips.claimSince(suspect.id(), runtime.uptime().minus(FRESH));
            if (claim != null && claim.incarnation() > suspect.incarnation()) {
                refuted.add(claim);
                continue;
            }
            Suspicion own = detector.suspicions().find(suspect.id()).orElse(null);
            if (own != null && ping.from() != null) {
                own.confirmedBy(ping.from());
            } else {
                cell.get().neighbours().stream().filter(peer -> peer.id().equals(suspect.id()))
                        .forEach(detector::watch);
            }
        }
        return refuted;
    }
}
