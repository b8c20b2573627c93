package io.chordshare.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class LoopbackOnlyTest {

    private final MockEnvironment environment = new MockEnvironment();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost", " 127.0.0.1 "})
    void a_node_on_loopback_starts(String address) {
        environment.setProperty("server.address", address);

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "192.168.1.5", "8.8.8.8", ""})
    void a_node_beyond_loopback_does_not_start(String address) {
        environment.setProperty("server.address", address);

        assertThatThrownBy(this::check).isInstanceOf(OpenNetworkException.class).hasMessageContaining("server.address");
    }

    @Test
    void a_missing_address_means_every_network() {
        assertThatThrownBy(this::check).isInstanceOf(OpenNetworkException.class).hasMessageContaining("not set");
    }

    @Test
    void an_unresolvable_address_is_not_loopback() {
        environment.setProperty("server.address", "no-such-host.invalid");

        assertThatThrownBy(this::check).isInstanceOf(OpenNetworkException.class)
                .hasMessageContaining("cannot be resolved");
    }

    @Test
    void an_open_network_needs_a_setting_and_is_logged_at_every_start(CapturedOutput output) {
        environment.setProperty("server.address", "0.0.0.0");
        environment.setProperty("chordshare.security.open", "true");

        check();

        assertThat(output).contains("WARN", "chordshare.security.open=true", "can read, write and delete");
    }

    @Test
    void a_node_on_loopback_logs_no_warning(CapturedOutput output) {
        environment.setProperty("server.address", "127.0.0.1");

        check();

        assertThat(output).doesNotContain("WARN");
    }

    @Test
    void a_separate_actuator_port_is_checked_too() {
        environment.setProperty("server.address", "127.0.0.1");
        environment.setProperty("server.port", "8081");
        environment.setProperty("management.server.port", "9081");
        assertThatThrownBy(this::check).hasMessageContaining("management.server.address");

        environment.setProperty("management.server.address", "127.0.0.1");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8081", "-1"})
    void an_actuator_without_a_separate_port_needs_no_address(String port) {
        environment.setProperty("server.address", "127.0.0.1");
        environment.setProperty("server.port", "8081");
        environment.setProperty("management.server.port", port);

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void the_start_fails_before_a_port_is_open_and_says_what_to_do(CapturedOutput output) {
        var application = new SpringApplication(Node.class);
        application.addListeners(event -> assertThat(event).isNotInstanceOf(WebServerInitializedEvent.class));

        assertThatThrownBy(() -> start(application)).isInstanceOf(OpenNetworkException.class);

        assertThat(output).contains("server.address=0.0.0.0", "chordshare.security.open=true", "Action:")
                .doesNotContain("\tat ").doesNotContain("Tomcat started");
    }

    private static void start(SpringApplication application) {
        try (ConfigurableApplicationContext context = application.run("--server.address=0.0.0.0", "--server.port=0")) {
            throw new AssertionError("started: " + context);
        }
    }

    private void check() {
        new LoopbackOnly(environment).check();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(WebEdge.class)
    static class Node {
    }
}
