package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * A peer that nobody has heard for a while. It stays in the list and is routed around; it is dead once it has been
 * silent for a time that shrinks with each other node that suspects it too (SWIM, section 4.2; Lifeguard, section
 * IV-B), and alive again with any sign of life.
 */
public final class Suspicion {

    /** Suspicion timeout when no other node confirms. */
    static final Duration LONGEST = Duration.ofMillis(1600);
    /** Suspicion timeout when enough other nodes confirm. */
    static final Duration SHORTEST = Duration.ofMillis(800);
    /** So many others make it as certain as it gets. */
    static final int ENOUGH_CONFIRMATIONS = 2;

    /**
     * Where answers take long, the time is soon over; but so often it is asked in any case. One less for each other
     * that suspects it: a node that is slow itself would be the last to know by far.
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

    /** It was asked once more, and {@code more} has passed without an answer; {@code others} suspect it, too. */
    void silent(Duration more, Set<ChordId> others) {
        rounds++;
        silentFor = silentFor.plus(more);
        others.forEach(this::confirmedBy);
    }

    /** How long a peer must be silent though enough others confirm it; see {@link #isOver} for the factor. */
    static Duration shortest(int healthFactor) {
        return SHORTEST.multipliedBy(healthFactor);
    }

    /** What is left of {@link #shortest}. */
    Duration leastFromNow(int healthFactor) {
        Duration left = shortest(healthFactor).minus(silentFor);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** @param healthFactor of the node that suspects: one in doubt about itself waits longer */
    boolean isOver(int healthFactor) {
        double share = Math.log(confirmedBy.size() + 1) / Math.log(ENOUGH_CONFIRMATIONS + 1);
        double range = LONGEST.minus(SHORTEST).toNanos();
        long limit = (long) (LONGEST.toNanos() - share * range) * healthFactor;
        return rounds >= LEAST_ROUNDS - confirmedBy.size() && silentFor.toNanos() >= limit;
    }
}
