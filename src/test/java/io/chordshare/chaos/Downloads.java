package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.chaos.RingClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Downloads every file at every node repeatedly until closed. Every result other than the complete and correct file is
 * a failure.
 */
final class Downloads implements AutoCloseable {

    private static final int PRINTED = 20;

    private record Pair(ProcessNode node, SampleFile file) {}

    private final String what;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final LongAccumulator slowestMillis = new LongAccumulator(Math::max, 0);
    private volatile long zero = System.nanoTime();
    private volatile boolean closed;

    private Downloads(String what, List<SampleFile> files, List<ProcessNode> nodes) {
        this.what = what;
        files.forEach(file -> nodes.forEach(node -> pairs.add(new Pair(node, file))));
    }

    /** Starts this many threads that download. */
    static Downloads of(String what, List<SampleFile> files, List<ProcessNode> nodes, int parallel) {
        Downloads downloads = new Downloads(what, files, nodes);
        for (int i = 0; i < parallel; i++) {
            Random random = new Random(i);
            downloads.threads.add(Thread.ofVirtual().name("downloads-" + i).start(() -> downloads.run(random)));
        }
        return downloads;
    }

    /** Downloads every file once at every node. The error message names what failed. */
    static void assertAll(List<SampleFile> files, List<ProcessNode> nodes) {
        Downloads once = new Downloads("once", files, nodes);
        once.pairs.forEach(once::download);
        once.assertNoneFailed();
    }

    /** Failure reports contain the time since this call. */
    void setZero() {
        zero = System.nanoTime();
    }

    long done() {
        return done.get();
    }

    /** The count of downloads after which every file was downloaded at every node since now. */
    long wholeRoundFromNow() {
        return done.get() + (long) pairs.size() * threads.size();
    }

    private void run(Random random) {
        List<Pair> order = new ArrayList<>(pairs);
        while (!closed) {
            Collections.shuffle(order, random);
            for (Pair pair : order) {
                if (closed) {
                    return;
                }
                download(pair);
            }
        }
    }

    private void download(Pair pair) {
        long start = System.nanoTime();
        Answer answer = pair.node().client.get(pair.file().name());
        long took = (System.nanoTime() - start) / 1_000_000;
        slowestMillis.accumulate(took);
        done.incrementAndGet();
        if (!answer.ok() || !answer.sha256().equals(pair.file().sha256())) {
            failed.incrementAndGet();
            failures.add("%s (%d bytes, copies=%s) at %s, begun %.1f s after the event, took %d ms: %d %s".formatted(
                    pair.file().name(), pair.file().size(), pair.file().copies(), pair.node(),
                    (start - zero) / 1e9, took, answer.status(),
                    answer.ok() ? "other bytes: " + answer.sha256() : answer.detail()));
        }
    }

    void assertNoneFailed() {
        assertThat(failures.stream().limit(PRINTED).toList())
                .as("%d of %d downloads failed", failed.get(), done.get()).isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofMinutes(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        System.out.printf("%s: %d downloads, %d failed, slowest %d ms%n", what, done.get(), failed.get(),
                slowestMillis.get());
        // also when the test fails for another reason
        failures.stream().limit(PRINTED).forEach(failure -> System.out.println("  FAILED " + failure));
    }
}
