package io.chordshare.node;

import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Warns of unknown settings: with a typo in {@code chordshare.node.seeds}, a node would be a ring of one without an
 * explanation. Checks command line, environment, system properties and files before any bean is created.
 */
final class UnknownSettings implements BeanFactoryPostProcessor, PriorityOrdered {

    private static final Logger LOG = LoggerFactory.getLogger(UnknownSettings.class);
    private static final String ROOT = "chordshare";
    private static final Map<String, String> PLACES = Map.of("commandLineArgs", "command line",
            "systemEnvironment", "environment", "systemProperties", "system property");

    /** Settings of the terminal client, and variables that an orchestrator sets for a service of that name. */
    private static final Pattern NO_SETTING =
            Pattern.compile("CHORDSHARE_NODE|CHORDSHARE_(?:.*_)?"
                    + "(?:SERVICE_HOST|SERVICE_PORT.*|PORT(?:_\\d+_(?:TCP|UDP).*)?|ENV_.*|NAME)");
    private static final Pattern INDEX = Pattern.compile("\\[[^\\]]*]");
    private static final Pattern INDEX_IN_ENVIRONMENT = Pattern.compile("_\\d+_?$");
    /** The edit distance of a typo. A larger distance is another word. */
    private static final int NEAR = 3;

    private final ConfigurableEnvironment environment;
    private final ApplicationArguments arguments;

    public UnknownSettings(ConfigurableEnvironment environment, ApplicationArguments arguments) {
        this.environment = environment;
        this.arguments = arguments;
    }

    /** Runs before anything that refuses the start, because an unknown setting may be the reason. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        Set<String> known = new TreeSet<>();
        for (String bean : beanFactory.getBeanDefinitionNames()) {
            // Spring Boot names such a bean by the prefix of its settings
            Class<?> type = bean.startsWith(ROOT + ".") ? beanFactory.getType(bean, false) : null;
            ConfigurationProperties group = type == null ? null : type.getAnnotation(ConfigurationProperties.class);
            if (group != null) {
                known.addAll(names(group, type));
            }
        }
        warn(known);
    }

    private static Set<String> names(ConfigurationProperties group, Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            names.add(group.value() + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** @param known names of all settings of a node, as documented */
    void warn(Set<String> known) {
        Map<String, String> unknown = new TreeMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                boolean ofSystem = source instanceof SystemEnvironmentPropertySource;
                for (String name : enumerable.getPropertyNames()) {
                    if (ofSystem ? isUnknownVariable(name, known) : isUnknown(name, known)) {
                        unknown.put(name, PLACES.getOrDefault(source.getName(), source.getName()));
                    }
                }
            }
        }
        unknown.forEach((name, place) -> LOG.warn("The setting {} ({}) has no effect: there is none of that name.{}",
                name, place, nearest(name, known)));
        if (!unknown.isEmpty()) {
            LOG.warn("The settings of a node are {}", String.join(", ", known));
        }
        for (String argument : arguments.getNonOptionArgs()) {
            LOG.warn("The argument {} has no effect: settings are given as --name=value", argument);
        }
    }

    private static boolean isUnknown(String name, Set<String> known) {
        String plain = INDEX.matcher(name).replaceAll("").toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
        return (plain.equals(ROOT) || plain.startsWith(ROOT + "."))
                && known.stream().noneMatch(setting -> setting.replace("-", "").equals(plain));
    }

    /** Variables contain no dots, and Spring Boot finds them with and without underscores for hyphens. */
    private static boolean isUnknownVariable(String name, Set<String> known) {
        String upper = name.toUpperCase(Locale.ROOT);
        boolean ours = upper.startsWith(ROOT.toUpperCase(Locale.ROOT) + "_") && !NO_SETTING.matcher(upper).matches();
        if (!ours) {
            return name.contains(".") && isUnknown(name, known);
        }
        String letters = letters(INDEX_IN_ENVIRONMENT.matcher(name).replaceAll(""));
        return known.stream().noneMatch(setting -> letters(setting).equals(letters));
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static String nearest(String name, Set<String> known) {
        String letters = letters(name);
        return known.stream().min(Comparator.comparingInt(setting -> distance(letters, letters(setting))))
                .filter(setting -> distance(letters, letters(setting)) <= NEAR)
                .map(setting -> " Did you mean " + setting + "?").orElse("");
    }

    /** The number of letters to add, remove or exchange (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
