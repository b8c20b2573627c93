package io.chordshare.simulation.registers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong: what clients are told of a name is what one copy on one machine could have told. */
class RegisterCampaignTest {

    private static final int SEEDS_IN_A_BUILD = Boolean.getBoolean("chordshare.chaos") ? 120 : 60;

    @Test
    void whatever_happens_every_name_behaves_like_one_copy_and_all_copies_come_back() {
        Long one = Long.getLong("chordshare.seed");
        long first = one != null ? one : Long.getLong("chordshare.firstSeed", 1);
        long seeds = one != null ? 1 : Long.getLong("chordshare.seeds", SEEDS_IN_A_BUILD);
        List<RegisterRun.Outcome> outcomes = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        long start = System.nanoTime();
        for (long seed = first; seed < first + seeds && failures.size() < 5; seed++) {
            try {
                outcomes.add(RegisterRun.run(RegisterPlan.of(seed)));
            } catch (AssertionError e) {
                failures.add("seed " + seed + ": " + e.getMessage());
            }
        }
        System.out.printf("%d seeds in %d s: %,d requests, %.0f %% of them with a certain answer, %,d events; settled"
                + " after %s at most%n", outcomes.size(), (System.nanoTime() - start) / 1_000_000_000,
                outcomes.stream().mapToInt(RegisterRun.Outcome::operations).sum(),
                100.0 * outcomes.stream().mapToInt(RegisterRun.Outcome::certain).sum()
                        / Math.max(1, outcomes.stream().mapToInt(RegisterRun.Outcome::operations).sum()),
                outcomes.stream().mapToLong(RegisterRun.Outcome::events).sum(),
                outcomes.stream().map(RegisterRun.Outcome::settledAfter).max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
        assertThat(failures).isEmpty();
    }
}
