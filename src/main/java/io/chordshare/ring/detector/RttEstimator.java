package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.Backoff;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how long peers take to answer, and so how long to wait for them: the smoothed round-trip time plus four
 * times its mean deviation (Jacobson, "Congestion avoidance and control", SIGCOMM 1988; the constants are those of RFC
 * 6298).
 */
public final class RttEstimator {

    /** For a peer that was never asked and may be starting: the time for a new connection and a cold process. */
    static final Duration INITIAL_TIMEOUT = Duration.ofSeconds(1);
    /** With a shorter timeout, a garbage collection or a busy core would look like a dead machine. */
    static final Duration MIN_TIMEOUT = Duration.ofMillis(200);
    public static final Duration MAX_TIMEOUT = Duration.ofSeconds(2);
    /** Far more peers than a node asks regularly. The peer unheard of for longest is dropped first. */
    private static final int MAX_PEERS = 1024;

    private static final double GAIN = 1 / 8.0;
    private static final double DEVIATION_GAIN = 1 / 4.0;
    private static final int DEVIATIONS = 4;
    /**
     * As a fraction of the mean. The deviation of a slow but steady peer becomes so small that any jitter would look
     * like silence.
     */
    private static final double LEAST_MARGIN = 1 / 4.0;

    /** @param backoff grows with each silence; null after an answer */
    private record Estimate(double meanNanos, double deviationNanos, @Nullable Peer claim, Duration heardAt,
                            Duration backoff) {

        private Duration usual() {
            long nanos = (long) (meanNanos + Math.max(DEVIATIONS * deviationNanos, LEAST_MARGIN * meanNanos));
            return Duration.ofNanos(Math.clamp(nanos, MIN_TIMEOUT.toNanos(), MAX_TIMEOUT.toNanos()));
        }
    }

    private final BoundedMap<ChordId, Estimate> estimates = BoundedMap.byUse(MAX_PEERS);

    /** Records an answer of {@code asked} that came at {@code now}, after {@code took}. */
    synchronized void took(Peer asked, Object answer, Duration took, Duration now) {
        ChordId id = asked.id();
        Peer claim = ownClaim(asked, answer);
        double sample = took.toNanos();
        Estimate before = estimates.get(id);
        if (before == null) {
            estimates.put(id, new Estimate(sample, sample / 2, claim, now, Duration.ZERO));
            return;
        }
        double deviation = before.deviationNanos()
                + DEVIATION_GAIN * (Math.abs(sample - before.meanNanos()) - before.deviationNanos());
        double mean = before.meanNanos() + GAIN * (sample - before.meanNanos());
        Peer known = before.claim();
        Peer newest = claim == null || known == null ? claim == null ? known : claim : known.orOwnClaim(claim);
        estimates.put(id, new Estimate(mean, deviation, newest, now, Duration.ZERO));
    }

    /** The peer's own claim, if the answer contains one. It replaces an earlier claim, which may be forged. */
    private static @Nullable Peer ownClaim(Peer asked, Object answer) {
        Peer self = switch (answer) {
            case RingRequest.Pong pong -> pong.self();
            case RingRequest.Neighbours neighbours -> neighbours.self();
            default -> null;
        };
        return self != null && self.sameNode(asked) ? self : null;
    }

    /**
     * Records that {@code peer} did not answer within {@code waited}. If only timely answers updated the estimate, a
     * peer that slowed down would look silent forever. So silence doubles the timeout (RFC 6298, section 5.5).
     */
    synchronized void silent(Peer peer, Duration waited) {
        Duration backoff = Backoff.next(waited, MAX_TIMEOUT);
        estimates.replace(peer.id(), before ->
                new Estimate(before.meanNanos(), before.deviationNanos(), before.claim(), before.heardAt(),
                        backoff));
    }

    /** How long to wait for an answer of {@code peer}, with the backoff of earlier silence. */
    synchronized Duration timeout(Peer peer) {
        Estimate estimate = estimates.get(peer.id());
        if (estimate == null) {
            return INITIAL_TIMEOUT;
        }
        Duration usual = estimate.usual();
        return usual.compareTo(estimate.backoff()) > 0 ? usual : estimate.backoff();
    }

    /** How long answers of {@code peer} usually take. After this time a probe begins. */
    synchronized Duration usual(Peer peer) {
        Estimate estimate = estimates.get(peer.id());
        return estimate == null ? INITIAL_TIMEOUT : estimate.usual();
    }

    /** The newest claim that the peer has made in an answer; null when there is none, or it was dropped. */
    synchronized @Nullable Peer claim(ChordId id) {
        Estimate estimate = estimates.get(id);
        return estimate == null ? null : estimate.claim();
    }

    /** The newest claim of a peer that has answered since {@code then}; null when it has not. */
    synchronized @Nullable Peer claimSince(ChordId id, Duration then) {
        return hasHeard(id, then) ? claim(id) : null;
    }

    /** Whether the peer has answered since {@code then}. */
    synchronized boolean hasHeard(ChordId id, Duration then) {
        Estimate estimate = estimates.get(id);
        return estimate != null && estimate.heardAt().compareTo(then) >= 0;
    }
}
