package io.chordshare.simulation.files;

import io.chordshare.simulation.Latency;
import java.time.Duration;
import java.util.Random;

/**
 * What one run is like, drawn from its seed alone.
 *
 * @param seed        everything follows from it
 * @param slots       how many slots the ring has
 * @param members     how many members a view has
 * @param nodes       the ring begins with so many
 * @param names       how many names the users use
 * @param users       how many users there are
 * @param think       the mean time between two requests of a user
 * @param faults      how many faults happen
 * @param pace        the mean time between two of them
 * @param loss        part of the messages that are lost
 * @param median      how long messages take; the slowest ten times as long
 * @param repairAfter how long a dead node keeps its place
 */
record FilePlan(long seed, int slots, int members, int nodes, int names, int users, Duration think, int faults,
                Duration pace, double loss, Duration median, Duration repairAfter) {

    private static final int LEAST_SLOT_BITS = 2;
    private static final int MOST_NODES = 7;
    private static final double MOST_LOSS = 0.05;
    private static final int SPREAD = 10;

    static FilePlan of(long seed) {
        Random random = new Random(seed * 31 + 7);
        return new FilePlan(seed, 1 << LEAST_SLOT_BITS + random.nextInt(3), 1 + random.nextInt(4),
                3 + random.nextInt(MOST_NODES - 3), 2 + random.nextInt(8), 3 + random.nextInt(3),
                Duration.ofMillis(100 + random.nextInt(900)), 8 + random.nextInt(16),
                Duration.ofMillis(200 + random.nextInt(3000)),
                random.nextBoolean() ? 0 : random.nextDouble() * MOST_LOSS,
                Duration.ofNanos(300_000 + random.nextInt(10_000_000)), Duration.ofSeconds(2 + random.nextInt(15)));
    }

    Latency latency() {
        return Latency.of(median.dividedBy(3), median, median.multipliedBy(SPREAD));
    }
}
