package io.chordshare.ring.detector;

import io.chordshare.ring.RingSettings;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.PingReq;
import io.chordshare.ring.protocol.RingRequest.PingReqAnswer;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;

/**
 * Finds out whether one peer is dead. Usually this is one ping and its answer. This node asks a silent peer again,
 * directly and through others, so that one bad connection declares nobody dead (SWIM, section 3.1; {@link ProbeRound}).
 * A peer that stays silent is suspected and asked again until it answers or the suspicion times out.
 */
final class Probe {

    private final NodeRuntime runtime;
    private final RingSettings settings;
    private final FailureDetector detector;
    private final RttEstimator roundTrips;
    private final LocalHealth health;

    Probe(NodeRuntime runtime, RingSettings settings, FailureDetector detector, RttEstimator roundTrips,
          LocalHealth health) {
        this.runtime = runtime;
        this.settings = settings;
        this.detector = detector;
        this.roundTrips = roundTrips;
        this.health = health;
    }

    void run(Peer peer) {
        if (pingOnce(peer) || !detector.isNeighbour(peer)) {
            return;
        }
        ProbeRound round = newRound(peer);
        Duration silence = round.run(Suspicion.shortest(health.factor()));
        if (silence == null) {
            return;
        }
        Suspicion suspicion = detector.suspicions().suspect(peer);
        suspicion.silent(silence, round.agreeing());
        while (detector.suspicions().find(peer.id()).filter(suspicion::equals).isPresent()
                && detector.isNeighbour(peer)) {
            if (suspicion.isOver(health.factor())) {
                detector.declareDead(peer);
                return;
            }
            runtime.sleep(settings.repingAfter());
            round = newRound(peer);
            silence = round.run(suspicion.leastFromNow(health.factor()));
            if (silence == null) {
                return;
            }
            suspicion.silent(silence.plus(settings.repingAfter()), round.agreeing());
        }
    }

    /** The usual case: one ping. True when nothing is left to do. */
    private boolean pingOnce(Peer peer) {
        Duration start = runtime.uptime();
        try {
            Pong pong = runtime.call(peer, new Ping(detector.self(), detector.suspicions().suspects()),
                    roundTrips.usual(peer).multipliedBy(health.factor()));
            roundTrips.took(peer, pong, runtime.uptime().minus(start), runtime.uptime());
            health.improved();
            return detector.answered(peer, pong);
        } catch (PeerException e) {
            return detector.isSettledBy(peer, e);
        }
    }

    private ProbeRound newRound(Peer peer) {
        return new ProbeRound(runtime, detector, roundTrips, health, peer);
    }

    /**
     * Answers a ping-req: pings a peer for another node. A missing answer is reported too, so that the asker knows that
     * this node is alive.
     */
    PingReqAnswer answerPingReq(PingReq question) {
        Peer peer = question.peer();
        if (detector.agrees(peer)) {
            // this node suspects the peer and probes it already, or has declared it dead
            return new PingReqAnswer(null, true);
        }
        // at most the usual time from here: the asker may be slow itself, and waits for this answer
        Duration usual = roundTrips.usual(peer);
        Duration asked = Duration.ofMillis(Math.max(0, question.timeoutMillis()));
        Duration timeout = asked.compareTo(usual) < 0 ? asked : usual;
        try {
            return new PingReqAnswer(runtime.call(peer, new Ping(detector.self(), List.of(Suspect.of(peer))), timeout),
                    false);
        } catch (PeerException e) {
            return new PingReqAnswer(null, detector.agrees(peer));
        }
    }
}
