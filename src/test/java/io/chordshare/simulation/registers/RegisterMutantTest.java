package io.chordshare.simulation.registers;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.Mutant;
import io.chordshare.simulation.MutantHunt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that one could make in views and registers: each is caught by the check that is meant for it. */
class RegisterMutantTest {

    private static final int LEAST_MUTANTS = 18;

    static Stream<Mutant> mutants() {
        return Mutant.ofThisBuild(Mutant.ofRegisters());
    }

    @Test
    void there_are_mutants_of_every_rule() {
        assertThat(Mutant.ofRegisters()).hasSizeGreaterThanOrEqualTo(LEAST_MUTANTS);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void the_check_that_is_meant_for_it_catches_it_within_its_seeds(Mutant mutant) {
        MutantHunt.catching(mutant, RegisterRun.class, RegisterRun::breach);
    }
}
