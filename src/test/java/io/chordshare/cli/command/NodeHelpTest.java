package io.chordshare.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The help lists the settings of a node. The client uses no class of the node, so this test compares both. */
class NodeHelpTest {

    /** Every setting with its default, from the node's own classes. */
    private static Map<String, String> ofTheNode() throws ClassNotFoundException {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        Map<String, String> settings = new TreeMap<>();
        for (var found : scanner.findCandidateComponents("io.chordshare")) {
            Class<?> type = Class.forName(found.getBeanClassName());
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            for (RecordComponent component : type.getRecordComponents()) {
                String name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                DefaultValue usual = parameter(type, component).getAnnotation(DefaultValue.class);
                settings.put(prefix + "." + name, usual == null ? "derived" : usual.value().length == 0 ? "none"
                        : usual.value()[0]);
            }
        }
        return settings;
    }

    private static Parameter parameter(Class<?> type, RecordComponent component) {
        return List.of(type.getDeclaredConstructors()[0].getParameters()).stream()
                .filter(parameter -> parameter.getName().equals(component.getName())).findFirst().orElseThrow();
    }

    @Test
    void the_help_lists_exactly_the_settings_of_a_node_with_their_defaults() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        NodeHelp.SETTINGS.forEach(setting -> listed.put(setting.name(), setting.usual()));

        Map<String, String> expected = new TreeMap<>(ofTheNode());
        PropertySource<?> application = new YamlPropertySourceLoader()
                .load("it", new ClassPathResource("application.yaml")).getFirst();
        for (String name : new String[] {"server.port", "server.address"}) {
            expected.put(name, String.valueOf(application.getProperty(name)));
        }
        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(listed).isEqualTo(expected);
    }
}
