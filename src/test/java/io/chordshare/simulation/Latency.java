package io.chordshare.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long messages take on a link: most about the median, a few several times as long, none outside of the ends. (A
 * log-logistic distribution: as a log-normal one, but with a closed form, so that drawing costs no more than a look
 * into a table of its quantiles.)
 */
public final class Latency {

    /** Within one site, with a tail: 0.5 to 5 ms. */
    public static final Latency DEFAULT =
            of(Duration.ofNanos(500_000), Duration.ofNanos(1_300_000), Duration.ofMillis(5));

    /** A power of two: a draw's low bits are an index. */
    private static final int STEPS = 1024;
    /** The smaller, the longer the tail; at 2.5 one message of a hundred takes six times the median. */
    private static final double SHAPE = 2.5;

    private final long[] quantiles;

    private Latency(long[] quantiles) {
        this.quantiles = quantiles;
    }

    public static Latency of(Duration least, Duration median, Duration most) {
        long[] quantiles = new long[STEPS + 1];
        for (int step = 0; step <= STEPS; step++) {
            double part = (step + 0.5) / (STEPS + 1);
            // StrictMath: the same on every machine
            double factor = StrictMath.pow(part / (1 - part), 1 / SHAPE);
            long nanos = (long) (median.toNanos() * factor);
            quantiles[step] = Math.clamp(nanos, least.toNanos(), most.toNanos());
        }
        return new Latency(quantiles);
    }

    /** Always the same. */
    public static Latency fixed(Duration always) {
        return of(always, always, always);
    }

    long draw(SplittableRandom random) {
        long bits = random.nextLong();
        int step = (int) (bits & (STEPS - 1));
        long low = quantiles[step];
        long width = quantiles[step + 1] - low;
        // 20 further bits say where between two quantiles
        return low + ((width * (bits >>> 44)) >>> 20);
    }
}
