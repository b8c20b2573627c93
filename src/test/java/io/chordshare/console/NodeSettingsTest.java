package io.chordshare.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class NodeSettingsTest {

    private static Map<String, String> settings(MockEnvironment environment) {
        return new NodeSettings(environment).all().stream()
                .collect(Collectors.toMap(NodeSettings.Setting::name, NodeSettings.Setting::value));
    }

    @Test
    void settings_of_all_sources_are_shown() {
        Map<String, String> settings = settings(new MockEnvironment().withProperty("chordshare.files.copies", "3")
                .withProperty("chordshare.node.seeds[0]", "http://a:1").withProperty("chordshare.node.seeds[1]",
                "http://b:1")
                .withProperty("chordshare.some.new-setting", "value").withProperty("spring.application.name", "x"));
        assertThat(settings).containsEntry("chordshare.files.copies", "3")
                .containsEntry("chordshare.node.seeds", "http://a:1, http://b:1")
                .containsEntry("chordshare.some.new-setting", "value").containsEntry("chordshare.node.data-dir", "")
                .doesNotContainKey("spring.application.name");
    }

    @Test
    void the_value_of_a_secret_is_not_shown() {
        Map<String, String> settings = settings(new MockEnvironment()
                .withProperty("chordshare.security.cluster-secret", "do not tell")
                .withProperty("chordshare.security.api-tokens", "do not tell")
                .withProperty("chordshare.tls.key-password", "do not tell"));
        assertThat(settings.values()).noneMatch(value -> value.contains("do not tell"));
        assertThat(settings).containsEntry("chordshare.security.cluster-secret", "(set)")
                .containsEntry("chordshare.security.api-tokens", "(set)").containsEntry("chordshare.tls.key-password",
                "(set)");
    }
}
