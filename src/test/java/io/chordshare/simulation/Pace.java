package io.chordshare.simulation;

import io.chordshare.ring.RingSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The period of a node's background work.
 *
 * @param least           shortest time between two ticks
 * @param most            longest time between two ticks; all times between are equally likely
 * @param fingersPerRound slots of the finger table per tick
 * @param pings           whether neighbours are pinged between the steps
 */
public record Pace(Duration least, Duration most, int fingersPerRound, boolean pings) {

    /** About one second, separately for each kind of work: the production default. */
    public static final Pace PRODUCTION = new Pace(SimulatedNode.PERIOD.multipliedBy(75).dividedBy(100),
            SimulatedNode.PERIOD.multipliedBy(125).dividedBy(100), RingSettings.FINGERS_PER_ROUND, true);

    /** Stoica et al., ToN 2003, section VI-E: the successor and one finger every 15 to 45 s, and nothing else. */
    public static final Pace PAPER = new Pace(Duration.ofSeconds(15), Duration.ofSeconds(45), 1, false);

    /** Number of different values that a draw can return. */
    private static final int GRAIN = 50;

    Duration next(RandomGenerator random) {
        return least.plus(most.minus(least).multipliedBy(random.nextInt(GRAIN)).dividedBy(GRAIN));
    }

    /** Time until the first tick of a node that has been running for long. */
    Duration first(RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(least.plus(most).dividedBy(2).toNanos()));
    }
}
