package io.chordshare.simulation;

import java.time.Duration;
import java.util.Random;

/**
 * The parameters of one campaign run, drawn from its seed alone.
 *
 * @param seed        determines everything
 * @param mode        the kinds of faults
 * @param successors  length of the successor lists (r)
 * @param nodes       number of nodes at the beginning
 * @param grown       whether they join one after the other; otherwise all pointers are right from the start
 * @param median      median latency; the slowest messages take ten times as long, the fastest a third
 * @param loss        fraction of messages that are lost
 * @param duplication fraction of requests that arrive twice
 * @param blackouts   whether all nodes may be down at once; then no disk is lost, because the old state could not be
 * recovered
 * @param events      number of events
 * @param pace        mean time between two events
 */
record FaultPlan(long seed, FaultPlan.Mode mode, int successors, int nodes, boolean grown, Duration median, double loss,
                 double duplication, boolean blackouts, int events, Duration pace) {

    /** What may happen, and so which invariants must hold. */
    enum Mode {
        /** Only what Zave's theorem allows: invariants 1 to 5 hold after every change of a pointer. */
        SAFE,
        /** Anything: invariants 4 and 5 always hold, the others after the faults end. */
        WILD
    }

    private static final int MAX_SMALL = 24;
    private static final int MIN_LARGE = 60;
    private static final int MAX_SUCCESSORS = 5;
    private static final double SAFE_LOSS = 0.05;
    private static final double WILD_LOSS = 0.3;
    private static final double MAX_DUPLICATION = 0.05;
    private static final int SPREAD = 10;
    /** Even the slowest round trip of the slowest network stays below the timeout of a ping, so silence means death. */
    private static final long MAX_MEDIAN_MICROS = 45_000;
    private static final long MIN_MEDIAN_MICROS = 300;

    static FaultPlan of(long seed, Mode mode) {
        Random random = new Random(seed * 31 + mode.ordinal());
        boolean large = random.nextInt(20) == 0;
        int nodes = large ? MIN_LARGE + random.nextInt(20) : 1 + random.nextInt(MAX_SMALL);
        boolean safe = mode == Mode.SAFE;
        double slowness = random.nextDouble();
        long median = Math.round(MIN_MEDIAN_MICROS * Math.pow((double) MAX_MEDIAN_MICROS / MIN_MEDIAN_MICROS,
                slowness));
        return new FaultPlan(seed, mode, 1 + random.nextInt(MAX_SUCCESSORS), nodes, !large && random.nextBoolean(),
                Duration.ofNanos(median * 1000),
                random.nextBoolean() ? 0 : random.nextDouble() * (safe ? SAFE_LOSS : WILD_LOSS),
                random.nextBoolean() ? 0 : random.nextDouble() * MAX_DUPLICATION,
                !safe && random.nextInt(3) == 0, large ? 20 : 15 + random.nextInt(30),
                Duration.ofMillis(100 + random.nextInt(1500)));
    }

    Latency latency() {
        return Latency.of(median.dividedBy(3), median, median.multipliedBy(SPREAD));
    }

    boolean isSafe() {
        return mode == Mode.SAFE;
    }
}
