package io.chordshare.simulation.registers;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.Mutant;
import io.chordshare.simulation.MutantLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that one could make in views and registers: each is caught by the check that is meant for it. */
class RegisterMutantTest {

    private static final int LEAST_MUTANTS = 18;

    static Stream<Mutant> mutants() {
        return Mutant.ofRegisters().stream();
    }

    @Test
    void there_are_mutants_of_every_rule() {
        assertThat(Mutant.ofRegisters()).hasSizeGreaterThanOrEqualTo(LEAST_MUTANTS);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void the_check_that_is_meant_for_it_catches_it_within_its_seeds(Mutant mutant) {
        String check = mutant.setting("caught by");
        String[] range = mutant.setting("seeds").split(" ");
        MutantLoader mutated = new MutantLoader(mutant);
        List<String> others = new ArrayList<>();
        long step = range.length > 2 ? Long.parseLong(range[2]) : 1;
        for (long seed = Long.parseLong(range[0]); seed <= Long.parseLong(range[1]); seed += step) {
            String breach = (String) mutated.call(RegisterRun.class, "breach", seed);
            // a history that is too long to decide convicts nobody
            if (breach.startsWith(check) && !breach.contains(": Gave up after ")) {
                System.out.println("mutant " + mutant + ": seed " + seed + ", " + breach.lines().findFirst()
                        .orElse(""));
                assertThat(RegisterRun.breach(seed)).as("the right code with seed %d", seed).isEmpty();
                return;
            }
            if (!breach.isEmpty()) {
                others.add(seed + ": " + breach.lines().findFirst().orElse(""));
            }
        }
        assertThat(others).as("%s is not caught by \"%s\"; what happened instead", mutant, check).isNull();
    }
}
