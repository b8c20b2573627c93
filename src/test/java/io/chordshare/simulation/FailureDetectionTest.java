package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.DetectionRun.Result;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Crashes are known within seconds, and no live node is declared dead. */
@Execution(ExecutionMode.CONCURRENT)
class FailureDetectionTest {

    private static final boolean LONG = Boolean.getBoolean("chordshare.long");
    private static final int NODES = LONG ? 1_000 : 60;
    private static final Duration SHORT_TIME = Duration.ofMinutes(3);

    @BeforeAll
    static void loadAllClasses() {
        // otherwise two runs that load the same class for the first time would wait for each other, outside virtual
        // time
        DetectionRun.of(1, 8, Duration.ofSeconds(30), 0.05, 0.05);
    }

    @ParameterizedTest
    @CsvSource({"0.05, 0, 60", "0, 0, 20", "0.01, 0, 20", "0.10, 0, 20", "0, 0.05, 20", "0.05, 0.05, 20"})
    void a_crash_is_known_within_seconds_and_no_live_node_is_declared_dead(double loss, double slow, int minutes) {
        long start = System.nanoTime();
        Result result = DetectionRun.of(1, NODES, LONG ? Duration.ofMinutes(minutes) : SHORT_TIME, loss, slow);
        System.out.printf("%s (%.0f s)%n", result, (System.nanoTime() - start) / 1e9);
        assertThat(result.falseDeaths()).isEmpty();
        assertThat(result.percentile(0.5)).isLessThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(result.percentile(0.99)).isLessThanOrEqualTo(Duration.ofSeconds(6));
    }
}
