package io.chordshare.simulation;

import java.time.Duration;
import java.time.Instant;

/** The clock of one machine: it may run too fast or too slow, and show a wrong time of day. Never runs backwards. */
final class NodeClock {

    /** Any moment will do: the wall clock is only ever shown to people. */
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

    /** How long it really takes until this clock has moved on by {@code shown}. */
    long trueNanos(Duration shown) {
        return rate == 1 ? shown.toNanos() : (long) (shown.toNanos() / rate);
    }

    /** From now on it runs {@code rate} times as fast as time does. */
    void runAt(double rate, long trueNanos) {
        showedNanos = uptimeNanos(trueNanos);
        setAtNanos = trueNanos;
        this.rate = rate;
    }

    /** Jumps ahead at once. */
    void jump(Duration ahead) {
        showedNanos += ahead.toNanos();
    }

    void setWallOffset(Duration offset) {
        wallOffset = offset;
    }
}
