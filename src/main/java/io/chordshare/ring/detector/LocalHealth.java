package io.chordshare.ring.detector;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far this node can trust the silence of others. A node that lacks CPU time or is partitioned hears nobody, and
 * must not conclude that everybody else is dead (Dadgar, Phillips and Currey, "Lifeguard: local health awareness for
 * more accurate failure detection", DSN-W 2018, section IV-A).
 */
final class LocalHealth {

    /** At the worst score, suspicion timeouts are this much longer, as a multiple. */
    private static final int MAX_SCORE = 3;

    private final AtomicInteger score = new AtomicInteger();

    /** Something failed that is more likely the fault of this node than of a peer. */
    void degraded() {
        score.updateAndGet(now -> Math.min(MAX_SCORE, now + 1));
    }

    /** A peer answered in time. */
    void improved() {
        score.updateAndGet(now -> Math.max(0, now - 1));
    }

    /** The factor for timeouts: 1 in good health, more in doubt. */
    int factor() {
        return 1 + score.get();
    }
}
