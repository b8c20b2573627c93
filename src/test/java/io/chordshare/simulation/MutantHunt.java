package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Looks for a seed with which a mutant is caught by the check that is meant for it, among those that it names. */
public final class MutantHunt {

    /** A history that is too long to decide convicts nobody. */
    private static final String UNDECIDED = ": Gave up after ";

    private MutantHunt() {}

    /** What a run throws, or nothing. */
    @FunctionalInterface
    public interface Run {

        void run();
    }

    /** What does not hold, in the words of the check after its name; empty when everything does. */
    public static String breach(Run run) {
        try {
            run.run();
            return "";
        } catch (AssertionError e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage());
        }
    }

    /**
     * @param runs  has the method {@code breach}, of a seed, which the mutant runs
     * @param right the same of the code as it is: with the seed that catches the mutant, everything must hold
     */
    public static void catching(Mutant mutant, Class<?> runs, LongFunction<String> right) {
        String check = mutant.setting("caught by");
        String[] range = mutant.setting("seeds").split(" ");
        long step = range.length > 2 ? Long.parseLong(range[2]) : 1;
        MutantLoader mutated = new MutantLoader(mutant);
        List<String> others = new ArrayList<>();
        for (long seed = Long.parseLong(range[0]); seed <= Long.parseLong(range[1]); seed += step) {
            String breach = (String) mutated.call(runs, "breach", seed);
            String words = breach.lines().findFirst().orElse("");
            if (breach.startsWith(check) && !breach.contains(UNDECIDED)) {
                System.out.println("mutant " + mutant + ": seed " + seed + ", " + words);
                assertThat(right.apply(seed)).as("the right code with seed %d", seed).isEmpty();
                return;
            }
            if (!breach.isEmpty()) {
                others.add(seed + ": " + words);
            }
        }
        assertThat(others).as("%s is not caught by \"%s\"; what happened instead", mutant, check).isNull();
    }
}
