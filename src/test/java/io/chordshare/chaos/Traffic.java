package io.chordshare.chaos;

import io.chordshare.chaos.Ledger.Reading;
import io.chordshare.chaos.RingClient.Answer;
import io.chordshare.chaos.RingClient.Location;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Simulated users: some upload and replace files, each his own, others download them, each time at a random node that
 * is free to use. Who is refused asks one other node, where the test says how many nodes must answer.
 */
final class Traffic implements AutoCloseable {

    private static final int LARGEST = 2 * 1024 * 1024;
    private static final int PRINTED = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final List<ProcessNode> nodes;
    private final Optional<NodeHealth> health;
    private final List<Ledger> files;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> wrongReads = new ConcurrentLinkedQueue<>();
    private final Queue<String> failedReads = new ConcurrentLinkedQueue<>();
    private final Queue<String> failedUploads = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusedTwice = new ConcurrentLinkedQueue<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final long start = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** How many users there are. */
    record Users(int writers, int readers) {}

    /** Users who ask once. Starts immediately. */
    Traffic(List<ProcessNode> nodes, int files, int readers, long seed) {
        this(nodes, files, new Users(1, readers), Optional.empty(), seed);
    }

    /** Users who ask another node when the first refuses. Starts immediately. */
    Traffic(List<ProcessNode> nodes, int files, Users users, NodeHealth health, long seed) {
        this(nodes, files, users, Optional.of(health), seed);
    }

    private Traffic(List<ProcessNode> nodes, int files, Users users, Optional<NodeHealth> health, long seed) {
        this.nodes = nodes;
        this.health = health;
        this.files = IntStream.range(0, files).mapToObj(i -> new Ledger("traffic/" + i + ".bin")).toList();
        for (int i = 0; i < users.writers(); i++) {
            Random random = new Random(seed - i);
            int writer = i;
            List<Ledger> own = IntStream.range(0, files).filter(file -> file % users.writers() == writer)
                    .mapToObj(this.files::get).toList();
            threads.add(Thread.ofVirtual().name("writer-" + i).start(() -> write(own, random)));
        }
        for (int i = 1; i <= users.readers(); i++) {
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

    private void write(List<Ledger> own, Random random) {
        for (int i = 0; !isClosed(); i++) {
            // every name once, then any
            Ledger file = own.get(i < own.size() ? i : random.nextInt(own.size()));
            int size = (int) Math.pow(LARGEST, random.nextDouble());
            SampleFile content = SampleFile.of(file.name, size, random.nextLong(), i % 2 == 0 ? "all" : "3");
            at(random, "upload of " + file.name, node -> {
                double at = seconds();
                Answer answer = file.upload(node, content);
                if (!answer.stored()) {
                    failedUploads.add("%.1f s: %s at %s, took %.1f s: %d %s".formatted(at, file.name, node,
                            seconds() - at, answer.status(), answer.detail()));
                }
                return answer.stored();
            });
        }
    }

    private void read(Random random) {
        while (!isClosed()) {
            Ledger file = files.get(random.nextInt(files.size()));
            at(random, "download of " + file.name, node -> note(seconds(), file.read(node)));
        }
    }

    private boolean note(double at, Reading reading) {
        reads.incrementAndGet();
        if (reading.problem() == null) {
            return true;
        }
        (reading.isWrong() ? wrongReads : failedReads).add("%.1f s: %s".formatted(at, reading.problem()));
        return reading.isWrong();
    }

    private void at(Random random, String what, Predicate<ProcessNode> use) {
        ProcessNode node = nodes.get(random.nextInt(nodes.size()));
        if (node.use.readLock().tryLock()) {
            try {
                if (!use.test(node)) {
                    health.ifPresent(known -> again(known, node, random, what, use));
                    pause();
                }
            } finally {
                node.use.readLock().unlock();
            }
        }
    }

    private void again(NodeHealth known, ProcessNode first, Random random, String what, Predicate<ProcessNode> use) {
        List<ProcessNode> well = known.well().stream().filter(node -> node != first).toList();
        if (!known.areEnoughWell() || well.isEmpty()) {
            return;
        }
        ProcessNode other = well.get(random.nextInt(well.size()));
        double at = seconds();
        retries.incrementAndGet();
        // a node that has failed meanwhile owes no answer
        if (!use.test(other) && known.areEnoughWell() && known.well().contains(other)) {
            refusedTwice.add("%.1f s: %s at %s and then at %s".formatted(at, what, first, other));
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Nodes that start need the processor that refused requests would take. */
    private void pause() {
        try {
            closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Reads every file at every node. Call it only after {@link #close()}. */
    void readAll() {
        for (Ledger file : files) {
            for (ProcessNode node : nodes) {
                note(seconds(), file.read(node));
            }
        }
    }

    /** Files of which copies are missing, as their nodes say. */
    List<String> lackingCopies() {
        List<String> lacking = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Ledger file = files.get(i);
            if (file.exists()) {
                Location location = nodes.get(i % nodes.size()).client.locations(file.name);
                if (location.missing() > 0) {
                    lacking.add(file.name + " lacks " + location.missing() + " of " + location.wanted());
                }
            }
        }
        return lacking;
    }

    /** Downloads without the right content, for whatever reason. */
    List<String> badReads() {
        return Stream.concat(wrongReads.stream(), failedReads.stream()).limit(PRINTED).toList();
    }

    /** Downloads of contents that are lost, old or torn. */
    List<String> wrongReads() {
        return wrongReads.stream().limit(PRINTED).toList();
    }

    /** Requests that two nodes have refused although enough were well. */
    List<String> refusedTwice() {
        return refusedTwice.stream().limit(PRINTED).toList();
    }

    /** Forgets downloads that failed while nodes were down. */
    void forgetFailures() {
        failedReads.clear();
    }

    String summary() {
        return "%d uploads (%d failed), %d downloads (%d failed, %d wrong), %d asked again (%d in vain)".formatted(
                files.stream().mapToInt(Ledger::attempts).sum(), failedUploads.size(), reads.get(),
                failedReads.size(), wrongReads.size(), retries.get(), refusedTwice.size());
    }

    @Override
    public void close() {
        closed.countDown();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofMinutes(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        print("upload failed", failedUploads);
        print("download failed", failedReads);
        print("WRONG READ", wrongReads);
        print("REFUSED TWICE", refusedTwice);
    }

    private static void print(String what, Queue<String> all) {
        all.stream().limit(PRINTED).forEach(one -> System.out.println("  " + what + ", " + one));
    }
}
