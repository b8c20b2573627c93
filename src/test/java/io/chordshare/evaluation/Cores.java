package io.chordshare.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs that have nothing to do with each other, beside each other: each is as deterministic as it would be alone. */
final class Cores {

    private Cores() {}

    /** @return what each of {@code runs} returned, in their order */
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
