package io.chordshare.simulation.files;

import io.chordshare.simulation.Mutant;
import io.chordshare.simulation.MutantHunt;
import io.chordshare.storage.NodeStore;
import java.nio.file.Path;
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
        return Mutant.ofThisBuild(Mutant.ofFiles());
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void the_check_that_is_meant_for_it_catches_it_within_its_seeds(Mutant mutant) {
        MutantHunt.catching(mutant, FileRun.class, FileRun::breach);
    }
}
