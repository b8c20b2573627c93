package io.chordshare.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole nodes under faults: each file behaves like one copy, every node lists the same, and all copies come back. */
class FileCampaignTest {

    private static final int SEEDS_IN_A_BUILD = Boolean.getBoolean("chordshare.chaos") ? 40 : 20;

    @Test
    void the_same_seed_gives_the_same_log() {
        FilePlan plan = FilePlan.of(Long.getLong("chordshare.seed", 3));
        assertThat(FileRun.run(plan)).isEqualTo(FileRun.run(plan));
    }

    @Test
    void whatever_happens_files_are_linearizable_listed_alike_and_have_their_copies_in_the_end() {
        Long one = Long.getLong("chordshare.seed");
        long first = one != null ? one : Long.getLong("chordshare.firstSeed", 1);
        long seeds = one != null ? 1 : Long.getLong("chordshare.seeds", SEEDS_IN_A_BUILD);
        List<FileRun.Outcome> outcomes = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        long start = System.nanoTime();
        for (long seed = first; seed < first + seeds && failures.size() < 5; seed++) {
            try {
                outcomes.add(FileRun.run(FilePlan.of(seed)));
            } catch (AssertionError e) {
                failures.add("seed " + seed + ": " + e.getMessage());
            }
        }
        System.out.printf("%d seeds in %d s: %,d requests, %.0f %% of them with a certain answer, %,d events; settled"
                + " after %s at most%n", outcomes.size(), (System.nanoTime() - start) / 1_000_000_000,
                outcomes.stream().mapToInt(FileRun.Outcome::operations).sum(),
                100.0 * outcomes.stream().mapToInt(FileRun.Outcome::certain).sum()
                        / Math.max(1, outcomes.stream().mapToInt(FileRun.Outcome::operations).sum()),
                outcomes.stream().mapToLong(FileRun.Outcome::events).sum(),
                outcomes.stream().map(FileRun.Outcome::settledAfter).max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
        assertThat(failures).isEmpty();
    }
}
