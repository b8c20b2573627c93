package io.chordshare.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lookups that use only fingers, under the workload of Stoica et al., ToN 2003, sections VI-D and VI-E: r = 20. A build
 * runs smaller rings; {@code -Dchordshare.long=true} runs 1,000 nodes and 10,000 lookups per line, with ten seeds.
 */
class FingersOnlyTest {

    private static final boolean LONG = Boolean.getBoolean("chordshare.long");
    private static final int NODES = LONG ? 1_000 : 200;
    private static final int SEEDS = LONG ? 10 : 2;
    private static final int LOOKUPS_A_SEED = LONG ? 1_000 : 200;
    private static final int SUCCESSORS = 20;
    /** Time until fingers are as stale as under constant churn. */
    private static final Duration WARM_UP = Duration.ofMinutes(10);

    @BeforeAll
    static void loadAllClasses() {
        // Two runs that load the same class for the first time would wait for each other outside of virtual time
        FailureRun.of(1, 8, 2, 0.25, 8);
        ChurnRun.of(1, new ChurnRun.Conditions(8, 2, Pace.PAPER, 0.02, 1, Duration.ofSeconds(60),
                Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @CsvSource({"0", "0.1", "0.2", "0.3", "0.4", "0.5"})
    void no_lookup_fails_right_after_a_part_of_the_nodes_failed(double part) throws Exception {
        List<Callable<Lookups.Tally>> runs = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            long each = seed;
            runs.add(() -> FailureRun.of(each, NODES, SUCCESSORS, part, LOOKUPS_A_SEED));
        }
        Lookups.Tally all = Lookups.Tally.of(Cores.all(runs));
        System.out.printf("%d nodes, %.0f %% failed: %,d lookups, path %s, timeouts %s, %d failed%n", NODES, part * 100,
                all.count(), all.pathLength(), all.silent(), all.failures().size());
        assertThat(all.failures()).isEmpty();
        assertThat(all.count()).isEqualTo(SEEDS * LOOKUPS_A_SEED);
    }

    /** @param rate joins per second, and as many deaths, in a ring of 1,000 nodes; smaller rings have fewer */
    @ParameterizedTest
    @CsvSource({"0.05", "0.4"})
    void under_churn_nearly_all_lookups_reach_the_owner(double rate) throws Exception {
        List<Callable<Lookups.Tally>> runs = new ArrayList<>();
        ChurnRun.Conditions conditions = new ChurnRun.Conditions(NODES, SUCCESSORS, Pace.PAPER, rate * NODES / 1_000, 1,
                WARM_UP, Duration.ofSeconds(LOOKUPS_A_SEED));
        for (long seed = 1; seed <= SEEDS; seed++) {
            long each = seed;
            runs.add(() -> ChurnRun.of(each, conditions));
        }
        Lookups.Tally all = Lookups.Tally.of(Cores.all(runs));
        System.out.printf("%d nodes, %.2f joins and deaths a second: %,d lookups, path %s, timeouts %s, failed %s%n",
                NODES,
                conditions.rate(), all.count(), all.pathLength(), all.silent(), all.failures());
        // The paper's worst result is 16 of 10,000
        assertThat(all.failures().size()).isLessThanOrEqualTo(1 + all.count() * 16 / 10_000);
        assertThat(all.count()).isGreaterThan(SEEDS * LOOKUPS_A_SEED / 2);
    }
}
