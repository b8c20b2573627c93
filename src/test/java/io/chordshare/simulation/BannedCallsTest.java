package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.chordshare.simulation.UnrepeatableCode.Colour;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The simulated code uses only its port. No run can prove that, because a banned call may go well a thousand times. */
class BannedCallsTest {

    /** Calls that are allowed, and why they are harmless. Nobody iterates over any of these collections. */
    private static final Map<String, String> ALLOWED = Map.of(
            "PersistentIdentity.sameMembers uses java.util.Set.copyOf", "two sets are compared, neither is walked",
            "FingerTable.<clinit> uses java.util.Map.of", "it is empty",
            "Walk.<init> uses java.util.HashSet.<init>", "the asked nodes: only looked up",
            "FailureDetector.<init> uses java.util.concurrent.ConcurrentHashMap.<init>", "misses: only looked up",
            "RingNode.join uses java.util.concurrent.CompletableFuture.get", "await has returned, so it is complete",
            "RingEntry.join uses java.util.concurrent.CompletableFuture.get", "await has returned, so it is complete",
            "DiskAnswer.await uses java.util.concurrent.CompletableFuture.join", "it is complete, as await said");

    @Test
    void what_is_simulated_uses_nothing_that_makes_a_run_unrepeatable() {
        JavaClasses simulated = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.chordshare.ring", "io.chordshare.id", "io.chordshare.runtime",
                        "io.chordshare.placement", "io.chordshare.register");
        Map<String, String> found = new TreeMap<>(BannedCalls.in(simulated));
        found.keySet().removeAll(ALLOWED.keySet());
        assertThat(BannedCalls.lines(found)).as("calls that are neither repeatable nor listed as harmless").isEmpty();
    }

    @Test
    void every_kind_of_unrepeatable_code_is_found() {
        Map<String, String> found =
                BannedCalls.in(new ClassFileImporter().importClasses(UnrepeatableCode.class, Colour.class));
        assertThat(found.keySet()).map(place -> place.replaceAll("UnrepeatableCode\\.(\\w+) uses .*", "$1")).contains(
                "clock", "nanos", "randomId", "shuffled", "identity", "identityMap", "hashOfAnEnum", "saltedSet",
                "saltedMap", "hashMap", "collected", "parallel", "sleeps", "startsAThread", "async", "waits", "locks",
                "connects", "byReference");
    }
}
