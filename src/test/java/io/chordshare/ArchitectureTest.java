package io.chordshare;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The rules of docs/architecture.md that a machine can check. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.chordshare");

    private static final String[] REPEATABLE = {"..id..", "..ring..", "..placement..", "..register..", "..files",
            "..replication.."};

    /** The layers below the edges, bottom first. A layer uses only the layers before it. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("id"), List.of("runtime"), List.of("ring", "storage"), List.of("placement"),
            List.of("register"), List.of("replication"), List.of("files"));

    private static final int MAX_CLASSES_IN_A_PACKAGE = 20;
    private static final int MAX_CONSTRUCTOR_PARAMETERS = 7;
    private static final int MAX_COLUMNS = 120;

    @Test
    void packages_use_only_the_interfaces_of_others_and_have_no_cycles() {
        ApplicationModules.of(ChordshareApplication.class).verify();
    }

    @Test
    void dependencies_point_down_the_layers_only() {
        Set<String> below = new LinkedHashSet<>();
        for (List<String> layer : LAYERS) {
            for (String room : layer) {
                Set<String> allowed = new LinkedHashSet<>(below);
                allowed.add(room);
                classes().that().resideInAPackage("io.chordshare." + room + "..").and()
                        .resideOutsideOfPackage("io.chordshare.files.http..").should().onlyDependOnClassesThat(
                                resideInAnyPackage(packages(allowed)).or(resideOutsideOfPackage("io.chordshare..")))
                        .check(MAIN);
            }
            below.addAll(layer);
        }
    }

    private static String[] packages(Set<String> rooms) {
        return rooms.stream().map(room -> "io.chordshare." + room + "..").toArray(String[]::new);
    }

    @Test
    void the_domain_is_plain_java() {
        noClasses().that().resideInAnyPackage("io.chordshare.id..", "io.chordshare.runtime..", "io.chordshare.ring..",
                        "io.chordshare.storage..", "io.chordshare.placement..", "io.chordshare.register..",
                        "io.chordshare.replication..", "io.chordshare.files").should()
                        .dependOnClassesThat(resideInAnyPackage("org.springframework..",
                        "jakarta..").and(not(resideInAnyPackage("org.springframework.modulith..")))).check(MAIN);
    }

    @Test
    void the_terminal_client_uses_nothing_of_the_node() {
        classes().that().resideInAPackage("io.chordshare.cli..").should().onlyDependOnClassesThat(
                resideInAnyPackage("io.chordshare.cli..", "java..", "picocli..", "org.jspecify..")).check(MAIN);
        // The JDK's other HTTP client costs half a second at each start
        noClasses().that().resideInAPackage("io.chordshare.cli..").should().dependOnClassesThat()
                .resideInAPackage("java.net.http..").check(MAIN);
    }

    @Test
    void the_classes_at_the_top_of_the_jar_use_only_each_other_and_the_terminal_client() {
        DescribedPredicate<JavaClass> atTheTop = type(Main.class).or(type(PreparedStart.class))
                .or(resideInAnyPackage("io.chordshare.cli..", "java.."));
        classes().that(type(Main.class).or(type(PreparedStart.class))).should().onlyDependOnClassesThat(atTheTop)
                .check(MAIN);
    }

    @Test
    void nothing_depends_on_operations() {
        noClasses().that().resideOutsideOfPackages("io.chordshare.operations..").should().dependOnClassesThat()
                .resideInAPackage("io.chordshare.operations..").check(MAIN);
    }

    @Test
    void no_package_has_more_than_20_classes() {
        Map<String, Long> sizes = MAIN.stream().filter(type -> !type.isNestedClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(size -> size <= MAX_CLASSES_IN_A_PACKAGE);
        assertThat(sizes).as("packages of more than " + MAX_CLASSES_IN_A_PACKAGE + " classes").isEmpty();
    }

    @Test
    void no_line_has_more_than_120_columns() throws IOException {
        List<String> wide = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src"))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                List<String> lines = Files.readAllLines(source);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).length() > MAX_COLUMNS && !lines.get(i).startsWith("import ")) {
                        wide.add(source + ":" + (i + 1));
                    }
                }
            }
        }
        assertThat(wide).as("lines of more than " + MAX_COLUMNS + " columns").isEmpty();
    }

    @Test
    void no_constructor_has_more_than_seven_parameters() {
        List<String> asking = MAIN.stream().filter(type -> !type.isRecord())
                .flatMap(type -> type.getConstructors().stream())
                .filter(made -> made.getRawParameterTypes().size() > MAX_CONSTRUCTOR_PARAMETERS)
                .map(made -> made.getFullName()).toList();
        assertThat(asking).as("constructors of more than " + MAX_CONSTRUCTOR_PARAMETERS + " parameters").isEmpty();
    }

    @Test
    void clock_randomness_threads_and_sockets_are_used_through_the_runtime_only() {
        noClasses().that().resideInAnyPackage(REPEATABLE).should().callMethodWhere(isUnrepeatable())
                .orShould().dependOnClassesThat().haveNameMatching("java\\.net\\..*Socket.*|java\\.net\\.http\\..*")
                .check(MAIN);
    }

    private static DescribedPredicate<JavaCall<?>> isUnrepeatable() {
        Set<Class<?>> clocks = Set.of(Clock.class, Instant.class, LocalDateTime.class, ZonedDateTime.class);
        return DescribedPredicate.describe("is not repeatable", call -> {
            Class<?> owner;
            try {
                owner = call.getTargetOwner().reflect();
            } catch (RuntimeException | LinkageError e) {
                throw new IllegalStateException("cannot look at " + call.getTargetOwner().getName(), e);
            }
            String method = call.getName();
            return (clocks.contains(owner) && method.equals("now"))
                    || owner == ThreadLocalRandom.class || owner == Executors.class
                    || (owner == UUID.class && method.equals("randomUUID"))
                    || (owner == Math.class && method.equals("random"))
                    || (owner == System.class && (method.equals("nanoTime") || method.equals("currentTimeMillis")))
                    || (owner == CompletableFuture.class && method.endsWith("Async"))
                    || (Thread.class.isAssignableFrom(owner) && !Set.of("currentThread", "isInterrupted", "interrupt")
                            .contains(method));
        });
    }

    @Test
    void there_are_no_vague_names() {
        noClasses().should().haveSimpleNameEndingWith("Manager").orShould().haveSimpleNameEndingWith("Helper")
                .orShould().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils").check(MAIN);
    }
}
