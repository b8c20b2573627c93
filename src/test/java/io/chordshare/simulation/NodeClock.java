package io.chordshare.simulation;

import java.time.Duration;
import java.time.Instant;

/** The clock of one machine. It may run too fast or too slow, and show a wrong time of day. It never runs backwards. */
final class NodeClock {

    /** Any moment will do, because the wall clock is only displayed. */
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private long setAtNanos;
    private long showedNanos;
    private double rate = 1;
    private Duration wallOffset = Duration.ZERO;

    long uptimeNanos(long trueNanos) {
        long elapsed = trueNanos - setAtNanos;
        return showedNanos + (rate == 1 ? elapsed : (long) (elapsed * rate));
    }

    Instant wall(long trueNanos) {
        return BEGINNING.plusNanos(uptimeNanos(trueNanos)).plus(wallOffset);
    }

    /** The true time until this clock has advanced by {@code shown}. */
    long trueNanos(Duration shown) {
        return rate == 1 ? shown.toNanos() : (long) (shown.toNanos() / rate);
    }

    /** From now on, the clock runs {@code rate} times as fast as true time. */
    void runAt(double rate, long trueNanos) {
        showedNanos = uptimeNanos(trueNanos);
        setAtNanos = trueNanos;
        this.rate = rate;
    }

    /** Advances the clock immediately. */
    void jump(Duration ahead) {
        showedNanos += ahead.toNanos();
    }

    void setWallOffset(Duration offset) {
        wallOffset = offset;
    }
}
