package io.chordshare.ring.protocol;

import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.PingReq;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers pings and ping-reqs, and refutes suspicions that arrive with them (SWIM, section 4.2). */
public final class PingHandler {

    private static final Logger log = LoggerFactory.getLogger(PingHandler.class);

    /**
     * A node that suspects the new incarnation too has asked it several times by then, so an earlier second suspicion
     * is forged. Each refutation makes this node write to its disk and doubt its own health.
     */
    private static final Duration REFUTES_AGAIN_AFTER = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final Membership membership;
    private final FailureDetector detector;
    private volatile Duration refutedAt;

    public PingHandler(ThisNode node, Membership membership, FailureDetector detector) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.membership = membership;
        this.detector = detector;
        refutedAt = runtime.uptime().minus(REFUTES_AGAIN_AFTER);
    }

    RingRequest.PingReqAnswer answerPingReq(PingReq question) throws PeerException {
        return detector.answerPingReq(question);
    }

    /** Adds a node that answers as a member of this ring: a way back when all known peers are gone. */
    void probeMember(Peer member) {
        try {
            Pong pong = detector.ask(member, new Ping());
            if (pong.self().sameNode(member) && pong.status().isMember() && membership.ringIds()
                    .recognize(pong.ringIds())) {
                membership.known().met(pong.self());
            }
        } catch (PeerException e) {
            log.debug("{} is silent, so it is not added to the known peers", member);
        }
    }

    Pong pong(Ping ping) {
        Peer self = cell.get().self();
        for (Suspect suspect : ping.suspects()) {
            if (suspect.id().equals(self.id()) && suspect.incarnation() >= self.incarnation()) {
                refute(suspect);
            }
        }
        RingState state = cell.get();
        return new Pong(state.self(), membership.ringIds().all(), state.status(), detector.refutations(ping),
                state.predecessor());
    }

    /** Refutes a suspicion: continues under an incarnation that nobody suspects yet (SWIM, section 4.2). */
    private synchronized void refute(Suspect suspect) {
        RingState state = cell.get();
        long ahead = suspect.incarnation() - state.self().incarnation();
        // until the join is complete, a higher incarnation would mean that the admitted process is gone
        if (state.status() == RingStatus.JOINING || ahead < 0 || ahead > Peer.FURTHEST_AHEAD
                || suspect.incarnation() >= Peer.MAX_INCARNATION
                || runtime.uptime().minus(refutedAt).compareTo(REFUTES_AGAIN_AFTER) < 0) {
            return;
        }
        refutedAt = runtime.uptime();
        long next = suspect.incarnation() + 1;
        membership.identity().refuted(next);
        cell.update(before -> before.withIncarnation(next));
        detector.wasSuspected();
        log.info("another node suspects this node, which refutes as {}", cell.get().self());
    }
}
