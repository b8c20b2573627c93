package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.chordshare.simulation.Simulation.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A failing seed is useful only if it fails again, on another machine and another day. Each test catches what the
 * others miss: identity hashes repeat in every fresh JVM unless an option changes them, and salts differ only between
 * JVMs.
 */
class DeterminismTest {

    private static final long CHILD_LIMIT_SECONDS = 120;

    @Test
    void the_same_seed_gives_the_same_run_twice_in_one_jvm() {
        assertThat(Scenario.run(1, Tasks.IN_A_SLOT)).isEqualTo(Scenario.run(1, Tasks.IN_A_SLOT));
    }

    @Test
    void another_seed_gives_another_run() {
        assumeThat(Simulation.isReplay()).as("one seed for all").isFalse();
        assertThat(Scenario.run(1, Tasks.IN_A_SLOT)).isNotEqualTo(Scenario.run(2, Tasks.IN_A_SLOT));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void both_kernels_give_the_same_run(long seed) {
        assertThat(Scenario.run(seed, Tasks.BY_BATON)).isEqualTo(Scenario.run(seed, Tasks.IN_A_SLOT));
    }

    @Test
    void the_same_seed_gives_the_same_run_in_other_jvms_whatever_their_salt_and_their_identity_hashes()
            throws Exception {
        List<Process> others = List.of(
                start("-XX:TieredStopAtLevel=1"),
                // numbers 1, 2, 3 … instead of a pseudo-random sequence that is the same in every JVM
                start("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=3"));
        String here = Scenario.run(1, Tasks.IN_A_SLOT);
        for (Process other : others) {
            String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(other.waitFor(CHILD_LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(output.strip()).isEqualTo(here);
        }
    }

    private static Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "--add-opens", "java.base/java.lang=ALL-UNNAMED",
                "-Djdk.trackAllThreads=false"));
        command.addAll(List.of(options));
        if (Simulation.isReplay()) {
            command.add("-D" + Simulation.SEED_PROPERTY + "=" + System.getProperty(Simulation.SEED_PROPERTY));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Scenario.class.getName()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
