package io.chordshare.chaos;

import io.chordshare.chaos.Fault.Kill;
import io.chordshare.chaos.Fault.Leave;
import io.chordshare.chaos.Fault.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Kills, pauses and leaves of at most two nodes at a time: of the five members of a view three are up at every moment,
 * and so every file can be read and written. Drawn from the seed before the first fault.
 */
final class MinorityPlan {

    /** A killed process needs this long until it is a member again, on two busy cores. */
    static final Duration RECOVERS_WITHIN = Duration.ofSeconds(20);

    /** Faults that are under way at a time: each hits nodes of its own share of the ring. */
    private static final int LANES = 2;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** Longer than a dead node keeps its place in a view. */
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(4);

    private enum Kind {
        KILL, PAUSE, LEAVE
    }

    private MinorityPlan() {}

    /** The faults in order of their start. All end within {@code length}. */
    static List<Fault> of(long seed, int nodes, Duration length) {
        Random random = new Random(seed);
        List<Kind> turns = new ArrayList<>(List.of(Kind.values()));
        Collections.shuffle(turns, random);
        List<Fault> faults = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            Duration at = between(Duration.ZERO, LONGEST_GAP, random);
            for (int turn = lane; at.compareTo(length) < 0; turn++) {
                List<Integer> victim = List.of(lane + LANES * random.nextInt(nodes / LANES));
                Duration until = shorter(at.plus(between(SHORTEST, LONGEST, random)), length);
                faults.add(switch (turns.get(turn % turns.size())) {
                    case KILL -> new Kill(at, until, victim);
                    case PAUSE -> new Pause(at, until, victim);
                    case LEAVE -> new Leave(at, until, victim);
                });
                at = until.plus(RECOVERS_WITHIN).plus(between(Duration.ZERO, LONGEST_GAP, random));
            }
        }
        faults.sort(Comparator.comparing(Fault::from));
        return List.copyOf(faults);
    }

    private static Duration between(Duration shortest, Duration longest, Random random) {
        return Duration.ofMillis(random.nextLong(shortest.toMillis(), longest.toMillis() + 1));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
