package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many nodes join one node at the same moment. */
class ProcessJoinIT {

    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(20);
    private static final Duration JOIN_WAIT = Duration.ofSeconds(30);
    private static final int JOINERS = ProcessRing.LONG ? 12 : 5;
    private static final int ROUNDS = ProcessRing.LONG ? 10 : 1;

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    @Test
    void nodes_that_start_and_join_through_the_same_seed_at_once_are_one_ring_every_time() {
        for (int round = 1; round <= ROUNDS; round++) {
            ProcessNode seed = ring.add(null).start();
            seed.awaitReady();
            List<ProcessNode> nodes = new ArrayList<>(List.of(seed));
            IntStream.range(0, JOINERS).forEach(i -> nodes.add(ring.add(seed)));

            nodes.stream().skip(1).forEach(ProcessNode::start);
            nodes.forEach(ProcessNode::awaitListening);

            assertOrdered("started with a seed, round " + round, nodes, System.nanoTime());
            ring.removeAll();
        }
    }

    @Test
    @LongRun
    void nodes_that_are_told_to_join_the_same_one_at_once_are_one_ring_every_time() {
        for (int round = 1; round <= ROUNDS; round++) {
            List<ProcessNode> nodes = new ArrayList<>();
            IntStream.rangeClosed(0, JOINERS).forEach(i -> nodes.add(ring.add(null).start()));
            nodes.forEach(ProcessNode::awaitReady);
            String member = nodes.getFirst().address();

            long start = System.nanoTime();
            List<CompletableFuture<HttpResponse<String>>> joins = nodes.stream().skip(1)
                    .map(node -> CompletableFuture.supplyAsync(() -> node.client.join(member, JOIN_WAIT),
                            task -> Thread.ofVirtual().start(task)))
                    .toList();
            // every one of them gets the answer that it is a member
            assertThat(joins).allSatisfy(join -> assertThat(join.join().statusCode()).as(join.join().body())
                    .isEqualTo(200));

            assertOrdered("told to join, round " + round, nodes, start);
            ring.removeAll();
        }
    }

    private static void assertOrdered(String how, List<ProcessNode> nodes, long since) {
        ProcessRing.awaitOrdered(nodes, ORDERED_WITHIN.minusNanos(System.nanoTime() - since));
        System.out.printf("%d nodes joined at once (%s): ordered after %.1f s%n", JOINERS, how,
                (System.nanoTime() - since) / 1e9);
    }
}
