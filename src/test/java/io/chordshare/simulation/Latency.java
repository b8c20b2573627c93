package io.chordshare.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The latency of a link: most messages take about the median, a few several times as long, and none exceeds the bounds.
 * (A log-logistic distribution: similar to a log-normal one but with a closed form, so a draw is one look into a table
 * of quantiles.)
 */
public final class Latency {

    /** Within one site, with a tail: 0.5 to 5 ms. */
    public static final Latency DEFAULT =
            of(Duration.ofNanos(500_000), Duration.ofNanos(1_300_000), Duration.ofMillis(5));

    /** A power of two, so that the low bits of a draw are an index. */
    private static final int STEPS = 1024;
    /** The smaller, the longer the tail. At 2.5, one message in a hundred takes six times the median. */
    private static final double SHAPE = 2.5;

    private final long[] quantiles;

    private Latency(long[] quantiles) {
        this.quantiles = quantiles;
    }

    public static Latency of(Duration least, Duration median, Duration most) {
        long[] quantiles = new long[STEPS + 1];
        for (int step = 0; step <= STEPS; step++) {
            double part = (step + 0.5) / (STEPS + 1);
            // StrictMath gives the same result on every machine
            double factor = StrictMath.pow(part / (1 - part), 1 / SHAPE);
            long nanos = (long) (median.toNanos() * factor);
            quantiles[step] = Math.clamp(nanos, least.toNanos(), most.toNanos());
        }
        return new Latency(quantiles);
    }

    /** A constant latency. */
    public static Latency fixed(Duration always) {
        return of(always, always, always);
    }

    long draw(SplittableRandom random) {
        long bits = random.nextLong();
        int step = (int) (bits & (STEPS - 1));
        long low = quantiles[step];
        long width = quantiles[step + 1] - low;
        // 20 further bits interpolate between two quantiles
        return low + ((width * (bits >>> 44)) >>> 20);
    }
}
