package io.chordshare.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Executes independent runs in parallel. Each one is as deterministic as it would be alone. */
final class Cores {

    private Cores() {}

    /** @return the results of {@code runs} in their order */
    static <T> List<T> all(List<Callable<T>> runs) throws Exception {
        List<T> results = new ArrayList<>(runs.size());
        try (ExecutorService cores = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Future<T> run : cores.invokeAll(runs)) {
                results.add(run.get());
            }
        }
        return results;
    }
}
