package io.chordshare;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The rules of docs/architecture.md that a machine can check. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.chordshare");

    private static final String[] REPEATABLE = {"..ring..", "..files..", "..replication.."};

    @Test
    void features_use_only_what_others_offer_and_never_in_a_circle() {
        ApplicationModules.of(ChordshareApplication.class).verify();
    }

    @Test
    void the_ring_knows_nobody() {
        classes().that().resideInAPackage("io.chordshare.ring..").should().onlyDependOnClassesThat(
                resideInAnyPackage("io.chordshare.ring..", "io.chordshare.runtime..", "java..", "org.slf4j..", "org.jspecify..",
                        "com.fasterxml.jackson.annotation..")).check(MAIN);
    }

    @Test
    void the_shared_parts_know_nobody() {
        classes().that().resideInAPackage("io.chordshare.runtime..").should().onlyDependOnClassesThat(
                resideInAnyPackage("io.chordshare.runtime..", "java..", "org.jspecify..")).check(MAIN);
    }

    @Test
    void the_terminal_client_is_an_http_client_and_nothing_else() {
        classes().that().resideInAPackage("io.chordshare.cli..").should().onlyDependOnClassesThat(
                resideInAnyPackage("io.chordshare.cli..", "java..", "picocli..", "org.jspecify..")).check(MAIN);
        // the other client of the JDK costs half a second at each start
        noClasses().that().resideInAPackage("io.chordshare.cli..").should().dependOnClassesThat()
                .resideInAPackage("java.net.http..").check(MAIN);
    }

    @Test
    void the_main_class_of_the_jar_loads_the_terminal_client_and_nothing_else() {
        classes().that().haveFullyQualifiedName(Main.class.getName()).should().onlyDependOnClassesThat(
                resideInAnyPackage("io.chordshare.cli..", "java..")).check(MAIN);
    }

    @Test
    void storage_knows_nobody() {
        noClasses().that().resideInAPackage("io.chordshare.storage..").should().dependOnClassesThat(
                resideInAnyPackage("io.chordshare.ring..", "io.chordshare.peer..", "io.chordshare.replication..",
                        "io.chordshare.files..", "io.chordshare.operations..", "io.chordshare.membership..",
                        "org.springframework..")).check(MAIN);
    }

    @Test
    void operations_only_look() {
        noClasses().that().resideOutsideOfPackages("io.chordshare.operations..").should().dependOnClassesThat()
                .resideInAPackage("io.chordshare.operations..").check(MAIN);
    }

    @Test
    void clock_randomness_threads_and_sockets_are_reached_through_the_runtime_only() {
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
