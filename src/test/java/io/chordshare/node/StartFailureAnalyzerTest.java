package io.chordshare.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.chordshare.security.SecurityProperties;
import java.net.BindException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.util.unit.DataSize;

class StartFailureAnalyzerTest {

    private final StartFailureAnalyzer analyzer = new StartFailureAnalyzer();

    /** Like the records of settings. */
    record Kinds(Duration time, DataSize size, boolean flag, int number) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"time | soon | for example 10s", "size | much | for example 64MB",
        "flag | perhaps | true or false", "number | some | a whole number"})
    void a_setting_that_cannot_be_read_is_named_with_an_example(String name, String value, String example) {
        FailureAnalysis analysis = analyze(catchThrowable(() -> new Binder(new MapConfigurationPropertySource(
                Map.of("chordshare.kinds." + name, value))).bind("chordshare.kinds", Kinds.class)));

        assertThat(analysis.getDescription()).contains("chordshare.kinds." + name + "=" + value + " cannot be read");
        assertThat(analysis.getAction()).contains(example);
    }

    @Test
    void a_host_that_no_browser_can_send_is_refused() {
        FailureAnalysis analysis = analyze(catchThrowable(() -> new Binder(new MapConfigurationPropertySource(
                Map.of("chordshare.security.allowed-hosts", "a.example,*.example"))).bind("chordshare.security",
                SecurityProperties.class)));

        assertThat(analysis.getDescription()).contains("chordshare.security.allowed-hosts=*.example cannot be used");
        assertThat(analysis.getAction()).contains("files.example.org");
    }

    @Test
    void what_spring_boot_explains_itself_and_faults_of_the_program_are_left_alone() {
        assertThat(analyzer.analyze(new PortInUseException(8081, new BindException("Address already in use"))))
                .isNull();
        assertThat(analyzer.analyze(new IllegalStateException(new NullPointerException()))).isNull();
        assertThat(analyzer.analyze(catchThrowable(() -> new Binder(new MapConfigurationPropertySource(
                Map.of("server.number", "x"))).bind("server.number", Integer.class)))).isNull();
    }

    private FailureAnalysis analyze(Throwable failure) {
        FailureAnalysis analysis = analyzer.analyze(new IllegalStateException("a bean cannot be made", failure));
        assertThat(analysis).as("%s", failure).isNotNull();
        return analysis;
    }
}
