package io.chordshare.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A warning explains why a setting has no effect. */
@ExtendWith(OutputCaptureExtension.class)
class UnknownSettingsTest {

    private static final Set<String> KNOWN = new TreeSet<>(Set.of("chordshare.node.seeds", "chordshare.node.data-dir",
            "chordshare.ring.successors"));

    private final StandardEnvironment environment = new StandardEnvironment();

    UnknownSettingsTest() {
        // removes all settings except those of a test
        environment.getPropertySources().forEach(source -> environment.getPropertySources().remove(source.getName()));
    }

    private void warn(String... arguments) {
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
        new UnknownSettings(environment, new DefaultApplicationArguments(arguments)).warn(KNOWN);
    }

    @ParameterizedTest
    @CsvSource({"chordshare.node.seed, chordshare.node.seeds", "chordshare.nodes.seeds[0], chordshare.node.seeds",
        "chordshare.node.datadirs, chordshare.node.data-dir", "chordshare.ring.sucessors, chordshare.ring.successors"})
    void a_typo_on_the_command_line_is_named_with_what_was_meant(String typo, String meant, CapturedOutput output) {
        warn("--" + typo + "=http://127.0.0.1:8081");

        assertThat(output).contains("WARN", typo + " (command line) has no effect",
                "Did you mean " + meant + "?", "The settings of a node are chordshare.node.data-dir, ");
    }

    @Test
    void a_typo_in_the_environment_is_named(CapturedOutput output) {
        environment.getPropertySources().addLast(new SystemEnvironmentPropertySource("systemEnvironment",
                Map.of("CHORDSHARE_NODE_SEED", "x", "CHORDSHARE_RING_SUCCESSOR", "4")));

        warn();

        assertThat(output).contains("CHORDSHARE_NODE_SEED (environment) has no effect", "chordshare.node.seeds?",
                "CHORDSHARE_RING_SUCCESSOR (environment)", "chordshare.ring.successors?");
    }

    @Test
    void a_typo_in_a_file_or_a_system_property_is_named(CapturedOutput output) {
        environment.getPropertySources().addLast(new MapPropertySource("systemProperties",
                Map.of("chordshare.node.sedes", "x")));
        environment.getPropertySources().addLast(new MapPropertySource("Config resource 'file [application.yaml]'",
                Map.of("chordshare.rings.successors", 4)));

        warn();

        assertThat(output).contains("chordshare.node.sedes (system property)",
                "chordshare.rings.successors (Config resource 'file [application.yaml]')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chordshare.node.seeds", "chordshare.node.seeds[1]", "chordshare.node.data-dir",
        "chordshare.node.dataDir", "chordshare.node.datadir", "chordshare.node.data_dir", "server.port", "spring.x.y"})
    void every_spelling_that_takes_effect_passes(String name, CapturedOutput output) {
        warn("--" + name + "=1");

        assertThat(output).doesNotContain("WARN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHORDSHARE_NODE_SEEDS", "CHORDSHARE_NODE_SEEDS_0", "CHORDSHARE_NODE_SEEDS_0_",
        "CHORDSHARE_NODE_DATADIR", "CHORDSHARE_NODE_DATA_DIR", "chordshare_node_seeds", "CHORDSHARE",
        "CHORDSHARE_SERVICE_HOST", "CHORDSHARE_PORT", "CHORDSHARE_PORT_8081_TCP_ADDR", "PATH",
        "CHORDSHARE_NODE"})
    void variables_that_take_effect_and_those_for_others_pass(String name, CapturedOutput output) {
        environment.getPropertySources().addLast(new SystemEnvironmentPropertySource("systemEnvironment",
                Map.of(name, "1")));

        warn();

        assertThat(output).doesNotContain("WARN");
    }

    @Test
    void a_setting_without_its_dashes_is_named(CapturedOutput output) {
        warn("chordshare.node.seeds=http://127.0.0.1:8081", "-x");

        assertThat(output).contains("chordshare.node.seeds=http://127.0.0.1:8081 has no effect", "-x has no effect",
                "--name=value");
    }
}
