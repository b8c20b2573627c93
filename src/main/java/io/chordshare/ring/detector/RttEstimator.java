package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.Backoff;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long peers take to answer, and so how long it is worth waiting for them: the smoothed round-trip time and four
 * times its mean deviation (Jacobson, "Congestion avoidance and control", SIGCOMM 1988; the constants are those of RFC
 * 6298).
 */
public final class RttEstimator {

    /** A peer that was never asked may be starting: as long as a new connection and a cold process take. */
    static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);
    /** Below this a collector's pause or a busy core would look like a dead machine. */
    static final Duration SHORTEST_PATIENCE = Duration.ofMillis(200);
    public static final Duration LONGEST_PATIENCE = Duration.ofSeconds(2);
    /** Far more peers than a node asks again and again; the longest unheard of is forgotten first. */
    private static final int MAX_PEERS = 1024;

    private static final double GAIN = 1 / 8.0;
    private static final double DEVIATION_GAIN = 1 / 4.0;
    private static final int DEVIATIONS = 4;
    /**
     * Of the mean: the deviation of a slow but steady peer becomes so small that any jitter would look like silence.
     */
    private static final double LEAST_MARGIN = 1 / 4.0;

    /** @param backoff set by silence, gone with the next answer */
    private record Estimate(double meanNanos, double deviationNanos, @Nullable Peer claim, Duration heardAt,
                            Duration backoff) {

        private Duration usual() {
            long nanos = (long) (meanNanos + Math.max(DEVIATIONS * deviationNanos, LEAST_MARGIN * meanNanos));
            return Duration.ofNanos(Math.clamp(nanos, SHORTEST_PATIENCE.toNanos(), LONGEST_PATIENCE.toNanos()));
        }
    }

    private final BoundedMap<ChordId, Estimate> estimates = BoundedMap.byUse(MAX_PEERS);

    /** {@code asked} gave this answer just {@code now}, after {@code took}. */
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

    /** Who the peer says that it is, where the answer has that in it: what was known of it before may be made up. */
    private static @Nullable Peer ownClaim(Peer asked, Object answer) {
        Peer self = switch (answer) {
            case RingRequest.Pong pong -> pong.self();
            case RingRequest.Neighbours neighbours -> neighbours.self();
            default -> null;
        };
        return self != null && self.sameNode(asked) ? self : null;
    }

    /**
     * {@code peer} did not answer within {@code waited}. If only timely answers updated the estimate, a peer that
     * slowed down would look silent forever. So silence doubles the patience (RFC 6298, section 5.5).
     */
    synchronized void silent(Peer peer, Duration waited) {
        Duration backoff = Backoff.next(waited, LONGEST_PATIENCE);
        estimates.replace(peer.id(), before ->
                new Estimate(before.meanNanos(), before.deviationNanos(), before.claim(), before.heardAt(),
                        backoff));
    }

    /** How long to wait for an answer of {@code peer}, of which the last may not have come in time. */
    synchronized Duration patience(Peer peer) {
        Estimate estimate = estimates.get(peer.id());
        if (estimate == null) {
            return FIRST_PATIENCE;
        }
        Duration usual = estimate.usual();
        return usual.compareTo(estimate.backoff()) > 0 ? usual : estimate.backoff();
    }

    /** How long its answers usually take: after this a closer look begins. */
    synchronized Duration usual(Peer peer) {
        Estimate estimate = estimates.get(peer.id());
        return estimate == null ? FIRST_PATIENCE : estimate.usual();
    }

    /** The newest claim with which the peer has ever answered; null when it has not, or too long ago. */
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
