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
 * One round of looking closer at a silent peer: a ping of our own, and one by each of {@link #HELPERS} others. It ends
 * with the first answer, or once our own ping has had its time and every helper has said that it had no luck either;
 * sooner where answers take long and enough helpers have found out already.
 */
public final class ProbeRound {

    /** k in SWIM. */
    private static final int HELPERS = 3;
    /** An answer that comes this late is still a sign of life. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);
    /**
     * A wait that took so much longer than it should: this node was stopped or starved, and its silence means nothing.
     */
    private static final Duration OVERSLEPT = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final FailureDetector detector;
    private final RttEstimator roundTrips;
    private final LocalHealth health;
    private final Peer peer;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    /** Completed when {@link #heard} is, and when enough helpers suspect it as well. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    /** Completed when {@link #settled} is, and when all helpers have reported. */
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
     * How much of the round counts against the peer; null when it was heard.
     *
     * @param least before so much silence nobody's word ends the round
     */
    @Nullable Duration run(Duration least) {
        Duration usual = roundTrips.usual(peer);
        Duration start = runtime.uptime();
        runtime.start("ping", this::ping);
        List<Peer> helpers = detector.helpers().about(peer, HELPERS);
        for (Peer helper : helpers) {
            runtime.start("ping-for", () -> pingThrough(helper, usual, helpers.size()));
        }
        Duration atFirst = least.compareTo(usual) < 0 ? least : usual;
        runtime.await(heard, atFirst);
        if (atFirst.compareTo(usual) < 0) {
            runtime.await(settled, usual.minus(atFirst));
        }
        if (!helpers.isEmpty()) {
            // there and back twice: to the helper, and from it to the peer
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
            // no helper answers either, not even that it had no luck: the fault may well be ours
            health.degraded();
        }
        return took;
    }

    /** The helpers that have found out by themselves that it is silent. */
    Set<ChordId> agreeing() {
        return new TreeSet<>(agreeing);
    }

    private void ping() {
        Duration start = runtime.uptime();
        try {
            Pong pong = runtime.call(peer, new Ping(detector.self(), detector.suspects()), LONGEST_ANSWER);
            // however late: it is alive, and next time we know how long it takes
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

    private void pingThrough(Peer helper, Duration usual, int helpers) {
        try {
            PingReqAnswer told = runtime.call(helper, new PingReq(peer, usual.toMillis()), LONGEST_ANSWER);
            Pong pong = told.pong();
            if (told.isSuspected()) {
                agreeing.add(helper.id());
                if (agreeing.size() >= Suspicion.ENOUGH_CONFIRMATIONS) {
                    settled.complete(null);
                    decided.complete(null);
                }
            }
            if (pong != null && detector.secondHand().brought(peer, pong)) {
                end();
            }
            if (reports.incrementAndGet() == helpers) {
                decided.complete(null);
            }
        } catch (PeerException e) {
            if (e.reason().isAlive() && reports.incrementAndGet() == helpers) {
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
