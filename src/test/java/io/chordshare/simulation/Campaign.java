package io.chordshare.simulation;

import io.chordshare.simulation.SeedRun.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs many seeds on all cores. Each run is deterministic. The default count fits into a build; the long campaign is
 * {@code mvn -B test -Dtest='*CampaignTest' -Dchordshare.seeds=10000 -Dchordshare.firstSeed=1}.
 */
final class Campaign {

    /** After this many failures, further ones say nothing new. */
    private static final int MAX_FAILURES = 20;

    /** Number of interesting seeds that the summary lists. */
    private static final int SHOWN = 10;

    private final FaultPlan.Mode mode;
    private final long firstSeed;
    private final long seeds;
    private final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    private final List<SimulationFailure> failures = Collections.synchronizedList(new ArrayList<>());

    private Campaign(FaultPlan.Mode mode, long firstSeed, long seeds) {
        this.mode = mode;
        this.firstSeed = firstSeed;
        this.seeds = seeds;
    }

    private static final long LOADS_ALL_CLASSES = 1;

    /** The seeds from the command line, or the first {@code byDefault}. */
    static Campaign of(FaultPlan.Mode mode, long byDefault) {
        Long one = Long.getLong(Simulation.SEED_PROPERTY);
        return one != null ? new Campaign(mode, one, 1)
                : new Campaign(mode, Long.getLong("chordshare.firstSeed", 1),
                Long.getLong("chordshare.seeds", byDefault));
    }

    /** @throws AssertionError with all failures */
    void run() throws Exception {
        long start = System.nanoTime();
        // otherwise two runs that load the same class for the first time would wait for each other, outside virtual
        // time
        SeedRun.run(FaultPlan.of(LOADS_ALL_CLASSES, mode));
        AtomicLong next = new AtomicLong(firstSeed);
        int threads = Runtime.getRuntime().availableProcessors();
        Runnable worker = Replay.onBehalfOfTest(() -> work(next));
        try (ExecutorService cores = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(cores.submit(worker));
            }
            for (Future<?> done : workers) {
                done.get();
            }
        }
        String summary = summary(Duration.ofNanos(System.nanoTime() - start));
        System.out.println(summary);
        if (!failures.isEmpty()) {
            throw new AssertionError(summary + "\n\nThe first in full:\n" + failures.getFirst().getMessage());
        }
    }

    private void work(AtomicLong next) {
        long seed = next.getAndIncrement();
        while (seed < firstSeed + seeds && failures.size() < MAX_FAILURES) {
            try {
                outcomes.add(SeedRun.run(FaultPlan.of(seed, mode)));
            } catch (SimulationFailure e) {
                failures.add(e);
            }
            seed = next.getAndIncrement();
        }
    }

    private String summary(Duration took) {
        failures.sort((one, other) -> Long.compare(one.seed(), other.seed()));
        List<Long> wrong = outcomes.stream().filter(Outcome::detectorWasWrong).map(outcome -> outcome.plan().seed())
                .sorted().toList();
        int slowest = outcomes.stream().mapToInt(Outcome::periods).max().orElse(0);
        double mean = outcomes.stream().mapToInt(Outcome::periods).average().orElse(0);
        long events = outcomes.stream().mapToLong(Outcome::changes).sum();
        StringBuilder text =
                new StringBuilder(("%s campaign: %,d seeds from %d on in %d s, %,d events; all right again "
                + "after %.1f periods on average, %d at most; in %d a live node was declared dead %s; %d failed")
                .formatted(mode,
                outcomes.size() + failures.size(), firstSeed, took.toSeconds(), events, mean, slowest, wrong.size(),
                wrong.subList(0, Math.min(wrong.size(), SHOWN)), failures.size()));
        for (SimulationFailure failure : failures) {
            text.append("\n  ").append(FaultPlan.of(failure.seed(), mode)).append("\n    ")
                    .append(failure.getCause().toString().lines().limit(3).toList());
        }
        return text.toString();
    }
}
