package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.chaos.Fault.Kill;
import io.chordshare.chaos.Fault.Leave;
import io.chordshare.chaos.Fault.OneWay;
import io.chordshare.chaos.Fault.Pause;
import io.chordshare.chaos.Fault.Split;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the plan alone, without processes. */
class FaultPlanTest {

    private static final Duration LENGTH = Duration.ofMinutes(5);
    private static final int NODES = 16;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, Long.MAX_VALUE})
    void the_same_seed_gives_the_same_faults(long seed) {
        List<Fault> plan = FaultPlan.of(seed, NODES, LENGTH);

        assertThat(FaultPlan.of(seed, NODES, LENGTH)).isEqualTo(plan);
        assertThat(FaultPlan.of(seed + 1, NODES, LENGTH)).isNotEqualTo(plan);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, Long.MAX_VALUE})
    void every_kind_of_fault_happens_and_all_are_over_in_time(long seed) {
        List<Fault> plan = FaultPlan.of(seed, NODES, LENGTH);

        assertThat(plan).hasAtLeastOneElementOfType(Kill.class).hasAtLeastOneElementOfType(Pause.class)
                .hasAtLeastOneElementOfType(Split.class).hasAtLeastOneElementOfType(OneWay.class);
        assertThat(plan).allSatisfy(fault -> assertThat(fault.until()).isBetween(fault.from(), LENGTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, Long.MAX_VALUE})
    void of_faults_of_a_minority_no_more_than_two_are_under_way_at_a_time(long seed) {
        List<Fault> plan = MinorityPlan.of(seed, NODES, LENGTH);

        assertThat(MinorityPlan.of(seed, NODES, LENGTH)).isEqualTo(plan);
        assertThat(plan).hasAtLeastOneElementOfType(Kill.class).hasAtLeastOneElementOfType(Pause.class)
                .hasAtLeastOneElementOfType(Leave.class);
        assertThat(plan).allSatisfy(fault -> {
            assertThat(fault.until()).isBetween(fault.from(), LENGTH);
            assertThat(plan).filteredOn(other -> other.from().compareTo(fault.from()) <= 0
                    && other.until().plus(MinorityPlan.RECOVERS_WITHIN).compareTo(fault.from()) > 0)
                    .hasSizeLessThanOrEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, Long.MAX_VALUE})
    void nobody_is_killed_or_paused_who_is_already(long seed) {
        List<Fault> plan = FaultPlan.of(seed, NODES, LENGTH);

        IntStream.range(0, NODES).forEach(node -> {
            List<Fault> own = plan.stream().filter(fault -> switch (fault) {
                case Kill kill -> kill.nodes().contains(node);
                case Pause pause -> pause.nodes().contains(node);
                case Leave leave -> leave.nodes().contains(node);
                case Split split -> false;
                case OneWay oneWay -> false;
            }).toList();
            for (int next = 1; next < own.size(); next++) {
                assertThat(own.get(next).from()).isGreaterThan(own.get(next - 1).until());
            }
        });
    }
}
