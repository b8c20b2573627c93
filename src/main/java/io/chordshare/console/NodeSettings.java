package io.chordshare.console;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** The settings of this node, from all sources. */
final class NodeSettings {

    private static final Set<String> DOCUMENTED = Set.of("server.port", "server.address", "chordshare.node.seeds",
            "chordshare.node.advertised-address", "chordshare.node.data-dir", "chordshare.ring.successors",
            "chordshare.ring.stabilize-every", "chordshare.ring.fix-fingers-every", "chordshare.ring.ping-every",
            "chordshare.files.copies", "chordshare.files.owner-set", "chordshare.files.repair-after",
            "chordshare.files.buffer-budget", "chordshare.files.reserve", "chordshare.files.keep-replaced",
            "chordshare.security.open", "chordshare.security.allowed-hosts");
    private static final Pattern OURS = Pattern.compile("chordshare\\.[a-z.-]+");
    private static final Pattern SECRET = Pattern.compile(".*(secret|token|password|credential|key)s?");

    private final Environment environment;

    NodeSettings(Environment environment) {
        this.environment = environment;
    }

    /** @param value empty when not set; of a secret only whether it is set */
    record Setting(String name, String value) {}

    /** All settings in order of name. */
    List<Setting> all() {
        Set<String> names = new TreeSet<>(DOCUMENTED);
        if (environment instanceof ConfigurableEnvironment sources) {
            sources.getPropertySources().stream().filter(EnumerablePropertySource.class::isInstance)
                    .map(EnumerablePropertySource.class::cast)
                    .forEach(source -> List.of(source.getPropertyNames()).stream()
                            .filter(name -> OURS.matcher(name).matches()).forEach(names::add));
        }
        Binder binder = Binder.get(environment);
        return names.stream().map(name -> new Setting(name, value(binder, name))).toList();
    }

    private static String value(Binder binder, String name) {
        String value = String.join(", ", binder.bind(name, Bindable.listOf(String.class)).orElse(List.of()));
        return SECRET.matcher(name).matches() && !value.isEmpty() ? "(set)" : value;
    }
}
