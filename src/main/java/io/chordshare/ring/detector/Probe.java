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
 * Finds out whether one peer is dead. Most of the time it is one ping and its answer. A silent peer is then asked again
 * by this node and through others, so that one bad line kills nobody (SWIM, section 3.1; {@link ProbeRound}); silent
 * again, it is suspected and asked until it answers or the suspicion is over.
 */
public final class Probe {

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
        Suspicion suspicion = detector.suspect(peer);
        suspicion.silent(silence, round.agreeing());
        while (detector.suspicion(peer.id()).filter(suspicion::equals).isPresent() && detector.isNeighbour(peer)) {
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

    /** The usual case. True when nothing is left to do. */
    private boolean pingOnce(Peer peer) {
        Duration start = runtime.uptime();
        try {
            Pong pong = runtime.call(peer, new Ping(detector.self(), detector.suspects()),
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

    /** The helper's side: pings a peer for another. No answer in time is an answer, too: the helper itself is there. */
    PingReqAnswer pingFor(PingReq question) {
        Peer peer = question.peer();
        if (detector.agrees(peer)) {
            // suspected, it is being asked from here as well; given up, it was silent for long and is asked now and
            // then
            return new PingReqAnswer(null, true);
        }
        // no longer than it takes from here: the asker may be slow itself, and waits for our word, be it a no
        Duration usual = roundTrips.usual(peer);
        Duration asked = Duration.ofMillis(Math.max(0, question.patienceMillis()));
        Duration patience = asked.compareTo(usual) < 0 ? asked : usual;
        try {
            return new PingReqAnswer(runtime.call(peer, new Ping(detector.self(), List.of(Suspect.of(peer))), patience),
                    false);
        } catch (PeerException e) {
            return new PingReqAnswer(null, detector.agrees(peer));
        }
    }
}
