package io.chordshare.simulation.registers;

import io.chordshare.simulation.Latency;
import java.time.Duration;
import java.util.Random;

/**
 * What one run of the campaign is like, drawn from its seed alone.
 *
 * @param seed        everything follows from it
 * @param kind        which faults happen
 * @param slots       how many slots the ring has
 * @param members     how many members a view has
 * @param nodes       the ring begins with so many
 * @param names       how many names the clients use: few, so that they meet
 * @param clients     how many clients there are
 * @param think       the mean time between two requests of a client
 * @param faults      how many faults happen
 * @param pace        the mean time between two of them
 * @param loss        part of the messages that are lost
 * @param median      how long messages take; the slowest ten times as long, the fastest a third
 * @param repairAfter how long a dead node keeps its place
 * @param blackouts   whether everybody may be down at once; then no disk is lost and nobody leaves, since a ring that
 *                    starts again as a whole waits for a majority of those that it remembers
 * @param diskTime    how much longer than a few milliseconds a write takes: what is answered too early gets lost
 */
record RegisterPlan(long seed, Kind kind, int slots, int members, int nodes, int names, int clients, Duration think,
                int faults, Duration pace, double loss, Duration median, Duration repairAfter, boolean blackouts,
                Duration diskTime) {

    private static final int LEAST_SLOT_BITS = 2;
    private static final int MOST_SLOT_BITS = 6;
    private static final int MOST_NODES = 7;
    private static final double MOST_LOSS = 0.1;
    private static final int SPREAD = 10;
    private static final int SLOWEST_DISK_MILLIS = 150;

    private static final int SLOWEST_CHURNING_DISK_MILLIS = 60;
    private static final double MOST_LOSS_IN_CHURN = 0.03;
    private static final int KINDS_OF_CHURN = 10;
    private static final int MOST_NAMES = 20;

    /** Which faults happen. */
    enum Kind {
        /** Nodes, their disks and the network, sometimes. */
        MIXED,
        /** The same, one after the other, in few slots. */
        HARSH,
        /** Views change all the time, to members that any node draws, and faults wait for moments of the protocol. */
        CHURN,
        /** The same, and disks get lost at any moment, one after the other. */
        CHURN_AND_LOST_DISKS,
        /** Nodes come and leave all the time. */
        COME_AND_GO;

        /** Whether the bytes of some files are not in their records. Then new members have to learn before. */
        boolean hasBlocks() {
            return this != CHURN;
        }

        boolean churns() {
            return this != MIXED && this != HARSH;
        }
    }

    /** Every third seed churns. Of the others, those that are even are harsh. */
    static RegisterPlan of(long seed) {
        Random random = new Random(seed * 31 + 7);
        if (seed % 3 == 1) {
            return churn(seed, random);
        }
        return seed % 2 == 0 ? harsh(seed, random) : mixed(seed, random);
    }

    private static RegisterPlan churn(long seed, Random random) {
        Kind kind = switch (random.nextInt(KINDS_OF_CHURN)) {
            case 0, 1 -> Kind.CHURN_AND_LOST_DISKS;
            case 2, 3, 4 -> Kind.COME_AND_GO;
            default -> Kind.CHURN;
        };
        int members = switch (kind) {
            case CHURN_AND_LOST_DISKS -> 3;
            case COME_AND_GO -> 1 + random.nextInt(2);
            default -> 1 + random.nextInt(3);
        };
        // what is written last must be seen where bytes may be lost; elsewhere names are few, so that clients meet
        int names = 1 + random.nextInt(kind == Kind.COME_AND_GO ? MOST_NAMES : 2);
        return new RegisterPlan(seed, kind, 1 + random.nextInt(2), members, members + 2 + random.nextInt(2), names,
                4 + random.nextInt(4), Duration.ofMillis(2 + random.nextInt(40)), 80 + random.nextInt(150),
                Duration.ofMillis(20 + random.nextInt(80)), random.nextInt(4) > 0 ? 0
                : random.nextDouble() * MOST_LOSS_IN_CHURN, Duration.ofNanos(300_000 + random.nextInt(2_500_000)),
                Duration.ofMillis(random.nextInt(1000)), kind == Kind.CHURN && random.nextInt(3) == 0,
                random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(SLOWEST_CHURNING_DISK_MILLIS))
                : Duration.ZERO);
    }

    private static RegisterPlan mixed(long seed, Random random) {
        return new RegisterPlan(seed, Kind.MIXED,
                1 << LEAST_SLOT_BITS + random.nextInt(MOST_SLOT_BITS - LEAST_SLOT_BITS + 1),
                1 + random.nextInt(5), 1 + random.nextInt(MOST_NODES), 1 + random.nextInt(4), 3 + random.nextInt(5),
                Duration.ofMillis(20 + random.nextInt(800)), random.nextInt(25),
                Duration.ofMillis(100 + random.nextInt(4000)), random.nextBoolean() ? 0
                : random.nextDouble() * MOST_LOSS, Duration.ofNanos(300_000 + random.nextInt(10_000_000)),
                Duration.ofSeconds(2 + random.nextInt(20)), random.nextInt(3) == 0,
                random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(SLOWEST_DISK_MILLIS)) : Duration.ZERO);
    }

    private static RegisterPlan harsh(long seed, Random random) {
        return new RegisterPlan(seed, Kind.HARSH, 1 << LEAST_SLOT_BITS, 2 + random.nextInt(3),
                3 + random.nextInt(MOST_NODES - 3),
                1 + random.nextInt(3), 4 + random.nextInt(4), Duration.ofMillis(50 + random.nextInt(200)),
                15 + random.nextInt(25), Duration.ofMillis(100 + random.nextInt(500)), random.nextBoolean() ? 0
                : random.nextDouble() * MOST_LOSS, Duration.ofNanos(300_000 + random.nextInt(10_000_000)),
                Duration.ofMillis(500 + random.nextInt(3000)), random.nextInt(3) == 0,
                random.nextBoolean() ? Duration.ofMillis(random.nextInt(SLOWEST_DISK_MILLIS)) : Duration.ZERO);
    }

    Latency latency() {
        return Latency.of(median.dividedBy(3), median, median.multipliedBy(SPREAD));
    }
}
