package io.chordshare.simulation;

import io.chordshare.ring.RingSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a node does its background work.
 *
 * @param least           between two ticks
 * @param most            between two ticks; every time in between is as likely
 * @param fingersPerRound slots of the finger table at a tick
 * @param pings           whether neighbours are pinged between the steps
 */
public record Pace(Duration least, Duration most, int fingersPerRound, boolean pings) {

    /** Around one second, each kind of work by itself: what ships. */
    public static final Pace PRODUCTION = new Pace(SimulatedNode.PERIOD.multipliedBy(75).dividedBy(100),
            SimulatedNode.PERIOD.multipliedBy(125).dividedBy(100), RingSettings.FINGERS_PER_ROUND, true);

    /** Stoica et al., ToN 2003, section VI-E: every 15 to 45 s the successor and one finger, and nothing else. */
    public static final Pace PAPER = new Pace(Duration.ofSeconds(15), Duration.ofSeconds(45), 1, false);

    /** Parts of the spread that a draw distinguishes. */
    private static final int GRAIN = 50;

    Duration next(RandomGenerator random) {
        return least.plus(most.minus(least).multipliedBy(random.nextInt(GRAIN)).dividedBy(GRAIN));
    }

    /** Up to the first tick of a node that has been running for long. */
    Duration first(RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(least.plus(most).dividedBy(2).toNanos()));
    }
}
