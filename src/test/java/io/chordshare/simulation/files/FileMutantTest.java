package io.chordshare.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.Mutant;
import io.chordshare.simulation.MutantLoader;
import io.chordshare.storage.NodeStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that one could make in replication and the file service: each is caught by the check meant for it. */
class FileMutantTest {

    /** Where it is set, the store loads no library. */
    private static final String DRIVERS_PATH = "org.sqlite.lib.path";

    /** A process loads SQLite's library once, by one class loader. Those of the mutants use it as it is. */
    @BeforeAll
    static void loadTheLibrary(@TempDir Path directory) {
        NodeStore.open(directory, 0).close();
        System.setProperty(DRIVERS_PATH, directory.toString());
    }

    @AfterAll
    static void leaveNoSetting() {
        System.clearProperty(DRIVERS_PATH);
    }

    static Stream<Mutant> mutants() {
        return Mutant.ofFiles().stream();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void the_check_that_is_meant_for_it_catches_it_within_its_seeds(Mutant mutant) {
        String check = mutant.setting("caught by");
        String[] range = mutant.setting("seeds").split(" ");
        MutantLoader mutated = new MutantLoader(mutant);
        List<String> others = new ArrayList<>();
        for (long seed = Long.parseLong(range[0]); seed <= Long.parseLong(range[1]); seed++) {
            String breach = (String) mutated.call(FileRun.class, "breach", seed);
            if (breach.startsWith(check)) {
                System.out.println("mutant " + mutant + ": seed " + seed + ", " + breach.lines().findFirst()
                        .orElse(""));
                assertThat(FileRun.breach(seed)).as("the right code with seed %d", seed).isEmpty();
                return;
            }
            if (!breach.isEmpty()) {
                others.add(seed + ": " + breach.lines().findFirst().orElse(""));
            }
        }
        assertThat(others).as("%s is not caught by \"%s\"; what happened instead", mutant, check).isNull();
    }
}
