package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.chaos.Ledger.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node is killed while it takes uploads, again and again. {@code -Dchordshare.crash.rounds=500} for more rounds than
 * a build has time for.
 */
@LongRun
class ProcessCrashIT {

    private static final int ROUNDS = Integer.getInteger("chordshare.crash.rounds", ProcessRing.LONG ? 500 : 8);
    private static final int WRITERS = 4;
    private static final int FILES_OF_EACH = 5;
    private static final int LARGEST = 5 * 1024 * 1024;
    private static final int LONGEST_LIFE_MILLIS = 800;

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private final long seed = Long.getLong("chordshare.seed", System.nanoTime());

    @Test
    void whenever_a_node_is_killed_it_has_every_acknowledged_file_and_nothing_half_written_afterwards()
            throws InterruptedException {
        Random random = new Random(seed);
        List<List<Ledger>> files = IntStream.range(0, WRITERS).mapToObj(writer -> IntStream.range(0, FILES_OF_EACH)
                .mapToObj(file -> new Ledger("crash/" + writer + "/" + file)).toList()).toList();
        ProcessNode node = ring.add(null).start();
        node.awaitReady();
        for (int round = 0; round < ROUNDS; round++) {
            List<Thread> writers = new ArrayList<>();
            CountDownLatch over = new CountDownLatch(1);
            for (List<Ledger> own : files) {
                Random sizes = new Random(random.nextLong());
                writers.add(Thread.ofVirtual().start(() -> write(node, own, sizes, over)));
            }
            assertThat(over.await(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS)).isFalse();
            node.kill();
            over.countDown();
            for (Thread writer : writers) {
                writer.join();
            }
            node.start();
            node.awaitReady();
            for (Ledger file : files.stream().flatMap(List::stream).toList()) {
                Reading reading = file.read(node);
                assertThat(reading.problem()).as("round %d, -Dchordshare.seed=%d", round, seed).isNull();
            }
        }
        System.out.printf("killed %d times (seed %d), %d uploads, %d files%n", ROUNDS, seed, files.stream()
                .flatMap(List::stream).mapToInt(Ledger::attempts).sum(), WRITERS * FILES_OF_EACH);
    }

    private static void write(ProcessNode node, List<Ledger> own, Random random, CountDownLatch over) {
        while (over.getCount() > 0) {
            Ledger file = own.get(random.nextInt(own.size()));
            int size = (int) Math.pow(LARGEST, random.nextDouble());
            boolean stored = file.upload(node, SampleFile.of(file.name, size, random.nextLong(), "all")).stored();
            if (!stored) {
                return;
            }
        }
    }
}
