package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.PingReq;
import io.chordshare.ring.protocol.RingRequest.PingReqAnswer;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One round of probing a silent peer: a direct ping, and one ping-req to each of {@link #TARGETS} other nodes. The
 * round ends with the first answer, or when the direct ping timed out and every target reported silence. It ends
 * earlier when answers usually take long and enough targets suspect the peer too.
 */
final class ProbeRound {

    /** k in SWIM. */
    private static final int TARGETS = 3;
    /** An answer that comes this late is still a sign of life. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);
    /**
     * A wait longer than planned by this much means that this node was paused or had no CPU time, so the peer's silence
     * means nothing.
     */
    private static final Duration OVERSLEPT = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final FailureDetector detector;
    private final RttEstimator roundTrips;
    private final LocalHealth health;
    private final Peer peer;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    /** Completes with {@link #heard}, or when enough targets suspect the peer too. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    /** Completes with {@link #settled}, or when all targets have reported. */
    private final CompletableFuture<Void> decided = new CompletableFuture<>();
    private final AtomicInteger reports = new AtomicInteger();
    private final Set<ChordId> agreeing = new ConcurrentSkipListSet<>();

    ProbeRound(NodeRuntime runtime, FailureDetector detector, RttEstimator roundTrips, LocalHealth health, Peer peer) {
        this.runtime = runtime;
        this.detector = detector;
        this.roundTrips = roundTrips;
        this.health = health;
        this.peer = peer;
    }

    /**
     * The silence that counts against the peer; null when it was heard.
     *
     * @param least the round lasts at least this long without an answer, whatever the targets report
     */
    @Nullable Duration run(Duration least) {
        Duration usual = roundTrips.usual(peer);
        Duration start = runtime.uptime();
        runtime.start("ping", this::ping);
        List<Peer> targets = detector.pingReqTargets().about(peer, TARGETS);
        for (Peer target : targets) {
            runtime.start("ping-req", () -> sendPingReq(target, usual, targets.size()));
        }
        Duration atFirst = least.compareTo(usual) < 0 ? least : usual;
        runtime.await(heard, atFirst);
        if (atFirst.compareTo(usual) < 0) {
            runtime.await(settled, usual.minus(atFirst));
        }
        if (!targets.isEmpty()) {
            // two round trips: to the target, and from there to the peer
            runtime.await(decided, usual);
        }
        if (heard.isDone()) {
            return null;
        }
        Duration took = runtime.uptime().minus(start);
        if (took.compareTo(usual.multipliedBy(2).plus(OVERSLEPT)) > 0) {
            health.degraded();
            return Duration.ZERO;
        }
        if (reports.get() == 0) {
            // no target answered either, so the fault may be here
            health.degraded();
        }
        return took;
    }

    /** The targets that found the peer silent by themselves. */
    Set<ChordId> agreeing() {
        return new TreeSet<>(agreeing);
    }

    private void ping() {
        Duration start = runtime.uptime();
        try {
            Pong pong = runtime.call(peer, new Ping(detector.self(), detector.suspicions().suspects()), LONGEST_ANSWER);
            // even a late answer proves life and updates the estimate
            roundTrips.took(peer, pong, runtime.uptime().minus(start), runtime.uptime());
            if (detector.answered(peer, pong)) {
                end();
            }
        } catch (PeerException e) {
            if (detector.isSettledBy(peer, e)) {
                end();
            }
        }
    }

    private void sendPingReq(Peer target, Duration usual, int targets) {
        try {
            PingReqAnswer told = runtime.call(target, new PingReq(peer, usual.toMillis()), LONGEST_ANSWER);
            Pong pong = told.pong();
            if (told.isSuspected()) {
                agreeing.add(target.id());
                if (agreeing.size() >= Suspicion.ENOUGH_CONFIRMATIONS) {
                    settled.complete(null);
                    decided.complete(null);
                }
            }
            if (pong != null && detector.secondHand().brought(peer, pong)) {
                end();
            }
            if (reports.incrementAndGet() == targets) {
                decided.complete(null);
            }
        } catch (PeerException e) {
            if (e.reason().isAlive() && reports.incrementAndGet() == targets) {
                decided.complete(null);
            }
        }
    }

    private void end() {
        heard.complete(null);
        settled.complete(null);
        decided.complete(null);
    }
}
