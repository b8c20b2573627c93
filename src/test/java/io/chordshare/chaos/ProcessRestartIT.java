package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes leave and return, one by one under load, and all together. */
@LongRun
class ProcessRestartIT {

    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(60);
    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(30);
    private static final int NODES = ProcessRing.LONG ? 8 : 4;
    /** The simulator needs half of this. Two busy cores also take long for the fingers. */
    private static final Duration ONE_RING_WITHIN = Duration.ofSeconds(60);
    private static final int FILES = ProcessRing.LONG ? 60 : 20;
    private static final int READERS = 2;

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private final long seed = Long.getLong("chordshare.seed", System.nanoTime());

    @Test
    void while_every_node_in_turn_leaves_and_comes_back_nothing_is_lost_or_old_and_no_download_fails() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        Traffic traffic = new Traffic(nodes, FILES, READERS, seed);
        try (traffic) {
            for (ProcessNode node : nodes) {
                traffic.without(node, () -> {
                    double before = traffic.seconds();
                    HttpResponse<String> left = node.client.leave(LEAVES_WITHIN);
                    assertThat(left.statusCode()).as("%s leaves: %s", node, left.body()).isEqualTo(200);
                    double leftAfter = traffic.seconds() - before;
                    node.terminate();
                    node.start();
                    node.awaitReady();
                    System.out.printf("%.1f s: %s (%s) left in %.1f s, is back after %.1f s%n", before, node,
                            node.address(), leftAfter, traffic.seconds() - before);
                });
            }
        }
        ProcessRing.awaitOrdered(nodes, ORDERED_WITHIN);
        traffic.readAll();
        System.out.printf("each of %d nodes left and came back (seed %d): %s%n", NODES, seed, traffic.summary());
        assertThat(traffic.badReads()).isEmpty();
    }

    @Test
    void when_all_are_switched_off_and_on_again_they_are_the_same_ring_with_all_files() {
        comeBackAfter(ProcessNode::terminateWithoutWaiting);
    }

    @Test
    void when_all_are_killed_and_started_again_they_are_the_same_ring_with_all_files() {
        comeBackAfter(ProcessNode::killWithoutWaiting);
    }

    /** As after a move to another network, or with new leases of all addresses. */
    @Test
    void when_all_start_again_at_new_addresses_they_are_the_same_ring_with_all_files() {
        List<ProcessNode> before = ring.wholeRingOf(NODES);
        String ringId = before.getFirst().client.ring().ringId();
        List<SampleFile> files = SampleFile.mixed(20, new Random(seed));
        SampleFile.upload(files, before);
        before.forEach(ProcessNode::terminateWithoutWaiting);
        before.forEach(ProcessNode::awaitEnd);

        List<ProcessNode> nodes = ring.moveAll();
        nodes.forEach(ProcessNode::start);
        nodes.forEach(ProcessNode::awaitListening);
        Duration took = ProcessRing.awaitOrdered(nodes, ONE_RING_WITHIN);
        System.out.printf("%d nodes at new addresses: one ring %.1f s after the last of them listens%n", nodes.size(),
                took.toMillis() / 1e3);
        assertThat(nodes).allSatisfy(node -> assertThat(node.client.ring().ringId()).isEqualTo(ringId));
        Downloads.assertAll(files, nodes);
    }

    private void comeBackAfter(Consumer<ProcessNode> end) {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        String ringId = nodes.getFirst().client.ring().ringId();
        List<SampleFile> files = SampleFile.mixed(20, new Random(seed));
        SampleFile.upload(files, nodes);

        nodes.forEach(end);
        nodes.forEach(ProcessNode::awaitEnd);
        nodes.forEach(ProcessNode::start);
        nodes.forEach(ProcessNode::awaitReady);

        ProcessRing.awaitOrdered(nodes, ORDERED_WITHIN);
        assertThat(nodes).allSatisfy(node -> assertThat(node.client.ring().ringId()).isEqualTo(ringId));
        Downloads.assertAll(files, nodes);
    }
}
