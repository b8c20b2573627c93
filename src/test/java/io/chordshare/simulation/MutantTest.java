package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An oracle that never caught anything proves nothing: the right oracle must notice each of these mistakes. */
class MutantTest {

    /** The mutants that random faults find. {@link ExhaustiveRingTest} finds the others, and most of these too. */
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
        find(mutant, mutant.setting("caught by"), "breach");
    }

    static List<Mutant> forOneOracle() {
        return Mutant.all().stream().filter(mutant -> mutant.has("caught alone by")).toList();
    }

    /**
     * Invariants 1 and 2 imply invariant 3 (they are Zave's), so with them, invariant 3 has nothing left to find. This
     * test switches the first two off.
     */
    @ParameterizedTest
    @MethodSource("forOneOracle")
    void an_invariant_that_others_imply_catches_it_where_they_are_not_looked_at(Mutant mutant) {
        find(mutant, mutant.setting("caught alone by"), "breachOfOneRing");
    }

    private static void find(Mutant mutant, String number, String runner) {
        String invariant = "invariant " + number + " ";
        String[] range = mutant.setting("seeds").split(" ");
        MutantLoader mutated = new MutantLoader(mutant);
        List<String> others = new ArrayList<>();
        for (long seed = Long.parseLong(range[1]); seed <= Long.parseLong(range[2]); seed++) {
            String breach = (String) mutated.call(SeedRun.class, runner, range[0], seed);
            if (breach.startsWith(invariant)) {
                System.out.println("mutant " + mutant + ": seed " + seed + ", " + breach.lines().findFirst()
                        .orElse(""));
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
