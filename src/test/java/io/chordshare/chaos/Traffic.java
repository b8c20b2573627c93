package io.chordshare.chaos;

import io.chordshare.chaos.RingClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Simulated users: one uploads and replaces files, others download them, each time at a random node that is free to
 * use.
 */
final class Traffic implements AutoCloseable {

    private static final int LARGEST = 2 * 1024 * 1024;
    private static final int PRINTED = 20;

    private final List<ProcessNode> nodes;
    private final List<Ledger> files;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> wrongReads = new ConcurrentLinkedQueue<>();
    private final Queue<String> failedUploads = new ConcurrentLinkedQueue<>();
    private final AtomicLong reads = new AtomicLong();
    private final long start = System.nanoTime();
    private volatile boolean closed;

    /** Starts immediately. */
    Traffic(List<ProcessNode> nodes, int files, int readers, long seed) {
        this.nodes = nodes;
        this.files = IntStream.range(0, files).mapToObj(i -> new Ledger("traffic/" + i + ".bin")).toList();
        threads.add(Thread.ofVirtual().name("writer").start(() -> write(new Random(seed))));
        for (int i = 1; i <= readers; i++) {
            Random random = new Random(seed + i);
            threads.add(Thread.ofVirtual().name("reader-" + i).start(() -> read(random)));
        }
    }

    /** Waits until nobody uses the node, and keeps users off it during {@code change}. */
    void without(ProcessNode node, Runnable change) {
        node.use.writeLock().lock();
        try {
            change.run();
        } finally {
            node.use.writeLock().unlock();
        }
    }

    private void write(Random random) {
        for (int i = 0; !closed; i++) {
            // every name once, then any
            Ledger file = files.get(i < files.size() ? i : random.nextInt(files.size()));
            int size = (int) Math.pow(LARGEST, random.nextDouble());
            SampleFile content = SampleFile.of(file.name, size, random.nextLong(), i % 2 == 0 ? "all" : "3");
            at(random, node -> {
                double at = seconds();
                Answer answer = file.upload(node, content);
                if (!answer.stored()) {
                    failedUploads.add("%.1f s: %s at %s, took %.1f s: %d %s".formatted(at, file.name, node,
                            seconds() - at, answer.status(), answer.detail()));
                }
            });
        }
    }

    private void read(Random random) {
        while (!closed) {
            Ledger file = files.get(random.nextInt(files.size()));
            at(random, node -> {
                double at = seconds();
                String wrong = file.read(node);
                reads.incrementAndGet();
                if (wrong != null) {
                    wrongReads.add("%.1f s: %s".formatted(at, wrong));
                }
            });
        }
    }

    private void at(Random random, Consumer<ProcessNode> use) {
        ProcessNode node = nodes.get(random.nextInt(nodes.size()));
        if (node.use.readLock().tryLock()) {
            try {
                use.accept(node);
            } finally {
                node.use.readLock().unlock();
            }
        }
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Reads every file at every node. Call it only after {@link #close()}. */
    void readAll() {
        for (Ledger file : files) {
            for (ProcessNode node : nodes) {
                String wrong = file.read(node);
                reads.incrementAndGet();
                if (wrong != null) {
                    wrongReads.add("at the end: " + wrong);
                }
            }
        }
    }

    List<String> wrongReads() {
        return wrongReads.stream().limit(PRINTED).toList();
    }

    String summary() {
        return "%d uploads (%d failed), %d downloads (%d failed or wrong)".formatted(
                files.stream().mapToInt(Ledger::attempts).sum(), failedUploads.size(), reads.get(), wrongReads.size());
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
        failedUploads.stream().limit(PRINTED).forEach(failed -> System.out.println("  upload failed, " + failed));
        wrongReads.stream().limit(PRINTED).forEach(wrong -> System.out.println("  WRONG READ, " + wrong));
    }
}
