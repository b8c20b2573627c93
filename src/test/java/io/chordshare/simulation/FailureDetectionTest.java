package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.DetectionRun.Result;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Crashes are known within seconds, and nobody who lives is declared dead. */
class FailureDetectionTest {

    private static final boolean LONG = Boolean.getBoolean("chordshare.long");
    private static final int NODES = LONG ? 1_000 : 60;
    private static final Duration TIME = LONG ? Duration.ofHours(1) : Duration.ofMinutes(10);

    @ParameterizedTest
    @CsvSource({"0, 0", "0.01, 0", "0.05, 0", "0.10, 0", "0, 0.05", "0.05, 0.05"})
    void a_crash_is_known_within_seconds_and_no_live_node_is_declared_dead(double loss, double slow) {
        long start = System.nanoTime();
        Result result = DetectionRun.of(1, NODES, TIME, loss, slow);
        System.out.printf("%s (%.0f s)%n", result, (System.nanoTime() - start) / 1e9);
        assertThat(result.falseDeaths()).isEmpty();
        assertThat(result.percentile(0.5)).isLessThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(result.percentile(0.99)).isLessThanOrEqualTo(Duration.ofSeconds(6));
    }
}
