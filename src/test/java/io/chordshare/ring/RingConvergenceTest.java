package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After any sequence of joins, leaves and crashes, the nodes become one ordered ring again. */
class RingConvergenceTest {

    /** Number of periods after the last event within which all pointers must be right. */
    private static final int ROUNDS = 40;
    /** A crash is noticed and repaired within this time. Until then at most r - 1 other nodes may crash. */
    private static final Duration REPAIR = Duration.ofSeconds(12);

    @Property(tries = 75, shrinking = ShrinkingMode.OFF)
    void after_any_sequence_of_joins_crashes_leaves_and_restarts_it_is_one_ring(@ForAll long seed,
                                                                               @ForAll @IntRange(min = 2,
                                                                               max = 5) int r)
            throws Exception {
        InMemoryRing ring = new InMemoryRing(seed, r);
        // Zave's base: r + 1 nodes stay up all the time
        List<SimulatedNode> members = ring.grow(r + 1 + ring.random.nextInt(6));
        List<SimulatedNode> stay = List.copyOf(members.subList(0, r + 1));
        List<SimulatedNode> down = new ArrayList<>();
        int crashesInPeriod = 0;
        for (int event = 0; event < 25; event++) {
            SimulatedNode one = members.get(ring.random.nextInt(members.size()));
            switch (ring.random.nextInt(5)) {
                case 0 -> members.add(ring.start(stay.get(ring.random.nextInt(stay.size()))));
                case 1 -> {
                    if (!stay.contains(one) && crashesInPeriod < r - 1) {
                        one.crash();
                        members.remove(one);
                        down.add(one);
                        crashesInPeriod++;
                    }
                }
                case 2 -> {
                    if (!stay.contains(one) && one.state().status() == RingStatus.MEMBER) {
                        members.remove(one);
                        one.leave();
                    }
                }
                case 3 -> {
                    if (!down.isEmpty()) {
                        members.add(ring.restart(down.removeFirst()));
                    }
                }
                default -> {
                    ring.run(REPAIR);
                    crashesInPeriod = 0;
                }
            }
            ring.run(Duration.ofMillis(ring.random.nextInt(1500)));
        }
        ring.assertBecomesOneRing(members, ROUNDS);
        // ... and it stays in order
        ring.run(Duration.ofSeconds(10));
        assertThat(RingOracle.problems(members, r)).isEmpty();
    }

    /** Each list can hold the full membership, so there is no base of r + 1 nodes that holds the ring together. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void a_small_ring_whose_nodes_restart_one_after_the_other_stays_one_ring(long seed) {
        InMemoryRing ring = new InMemoryRing(seed);
        List<SimulatedNode> members = ring.grow(2 + ring.random.nextInt(4));
        for (int event = 0; event < 10; event++) {
            int index = ring.random.nextInt(members.size());
            SimulatedNode down = members.get(index);
            down.crash();
            ring.run(Duration.ofMillis(ring.random.nextInt(8000)));
            members.set(index, ring.restart(down));
            ring.assertBecomesOneRing(members, ROUNDS);
        }
    }
}
