package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An oracle that has never caught anything proves nothing: each of these mistakes must be noticed, and by the right one. */
class MutantTest {

    /** Those that faults at random find. {@link ExhaustiveRingTest} finds the others, and most of these again. */
    static List<Mutant> mutants() {
        return Mutant.all().stream().filter(mutant -> mutant.has("seeds")).toList();
    }

    @ParameterizedTest
    @MethodSource("io.chordshare.simulation.Mutant#all")
    void each_is_to_be_found_by_something(Mutant mutant) {
        assertThat(mutant.has("seeds") || mutant.has("small ring")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void the_invariant_that_should_catch_it_does_within_its_seeds(Mutant mutant) {
        String invariant = "invariant " + mutant.setting("caught by") + " ";
        String[] range = mutant.setting("seeds").split(" ");
        MutantLoader mutated = new MutantLoader(mutant);
        List<String> others = new ArrayList<>();
        for (long seed = Long.parseLong(range[1]); seed <= Long.parseLong(range[2]); seed++) {
            String breach = (String) mutated.call(SeedRun.class, "breach", range[0], seed);
            if (breach.startsWith(invariant)) {
                System.out.println("mutant " + mutant + ": seed " + seed + ", " + breach.lines().findFirst().orElse(""));
                assertThat(SeedRun.breach(range[0], seed)).as("the right code with seed %d", seed).isEmpty();
                return;
            }
            if (!breach.isEmpty()) {
                others.add(seed + ": " + breach.lines().findFirst().orElse(""));
            }
        }
        assertThat(others).as("%s is not caught by %sas it should; what happened instead", mutant, invariant).isNull();
    }
}
