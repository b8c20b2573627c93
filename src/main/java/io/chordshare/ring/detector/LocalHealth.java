package io.chordshare.ring.detector;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far this node may trust its own silence: a node that is starved of CPU, or cut off, hears nobody, and must not
 * take that for the death of everybody else (Dadgar, Phillips and Currey, "Lifeguard: local health awareness for more
 * accurate failure detection", DSN-W 2018, section IV-A).
 */
public final class LocalHealth {

    /** At its worst a node waits this much longer, as a multiple, before it declares anybody dead. */
    private static final int MAX_SCORE = 3;

    private final AtomicInteger score = new AtomicInteger();

    /** Something went wrong that is more likely our own fault than a peer's. */
    void degraded() {
        score.updateAndGet(now -> Math.min(MAX_SCORE, now + 1));
    }

    /** Somebody answered in time. */
    void improved() {
        score.updateAndGet(now -> Math.max(0, now - 1));
    }

    /** 1 for a node in good health, more for one in doubt. */
    int factor() {
        return 1 + score.get();
    }
}
