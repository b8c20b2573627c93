package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * A neighbour that nobody has heard for a while. It stays in the list, and lookups route around it. It is dead after a
 * timeout that shrinks with each other node that suspects it too (SWIM, section 4.2; Lifeguard, section IV-B). Any sign
 * of life ends the suspicion.
 */
final class Suspicion {

    /** Suspicion timeout when no other node confirms. */
    static final Duration LONGEST = Duration.ofMillis(1600);
    /** Suspicion timeout when enough other nodes confirm. */
    static final Duration SHORTEST = Duration.ofMillis(800);
    /** Further confirmations do not shorten the timeout. */
    static final int ENOUGH_CONFIRMATIONS = 2;

    /**
     * Rounds of silence before a death. Where answers take long, the timeout would pass after one round. Each
     * confirmation saves one round: otherwise a slow node would learn of a death much later than all others.
     */
    private static final int LEAST_ROUNDS = 3;

    private final Peer peer;
    private final Set<ChordId> confirmedBy = new ConcurrentSkipListSet<>();
    private Duration silentFor = Duration.ZERO;
    private int rounds;

    Suspicion(Peer peer) {
        this.peer = peer;
    }

    Peer peer() {
        return peer;
    }

    void confirmedBy(ChordId other) {
        if (confirmedBy.size() < ENOUGH_CONFIRMATIONS) {
            confirmedBy.add(other);
        }
    }

    /** One more round ended without an answer after {@code more}; {@code others} suspect the peer too. */
    void silent(Duration more, Set<ChordId> others) {
        rounds++;
        silentFor = silentFor.plus(more);
        others.forEach(this::confirmedBy);
    }

    /** The shortest suspicion timeout, with enough confirmations; see {@link #isOver} for the factor. */
    static Duration shortest(int healthFactor) {
        return SHORTEST.multipliedBy(healthFactor);
    }

    /** The rest of {@link #shortest}. */
    Duration leastFromNow(int healthFactor) {
        Duration left = shortest(healthFactor).minus(silentFor);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** @param healthFactor of this node: in doubt about itself it waits longer */
    boolean isOver(int healthFactor) {
        double share = Math.log(confirmedBy.size() + 1) / Math.log(ENOUGH_CONFIRMATIONS + 1);
        double range = LONGEST.minus(SHORTEST).toNanos();
        long limit = (long) (LONGEST.toNanos() - share * range) * healthFactor;
        return rounds >= LEAST_ROUNDS - confirmedBy.size() && silentFor.toNanos() >= limit;
    }
}
