package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.chordshare.chaos.NodeNetwork.Cut;
import io.chordshare.chaos.NodeNetwork.Loss;
import io.chordshare.chaos.RingClient.Ring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real processes, each in a network namespace of its own, are killed, paused and partitioned at random. After all
 * faults end, they must become one ordered ring without help. {@code docs/chaos.md} says how to run it.
 */
@EnabledIf(
        value = "isAskedFor",
        disabledReason = "two to ten minutes: run with -Dchordshare.chaos=true or -Dchordshare.long=true")
class RingChaosIT {

    private static final int NODES = Integer.getInteger("chordshare.chaos.nodes", ProcessRing.LONG ? 16 : 6);
    private static final Duration FAULTS_FOR = Duration.ofSeconds(
            Long.getLong("chordshare.chaos.seconds", ProcessRing.LONG ? 300 : 25));
    private static final int ROUNDS = Integer.getInteger("chordshare.chaos.rounds", 1);

    /**
     * Limit from the moment when every process listens again and nothing is cut. Lost peers are asked at growing
     * intervals.
     */
    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(
            Long.getLong("chordshare.chaos.ordered-within-seconds", 120));

    /** The ring must stay in order for longer than any background work waits. */
    private static final Duration STAYS_FOR = Duration.ofSeconds(5);

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    static boolean isAskedFor() {
        return ProcessRing.LONG || Boolean.getBoolean("chordshare.chaos");
    }

    /** Fails the tests without namespaces when CHORDSHARE_REQUIRE_NAMESPACES is set. */
    static boolean hasNamespacesOrNeedsThem() {
        return Boolean.parseBoolean(System.getenv("CHORDSHARE_REQUIRE_NAMESPACES")) || NodeNetwork.isPossible();
    }

    static LongStream seeds() {
        long first = Long.getLong("chordshare.seed", System.nanoTime());
        return LongStream.range(first, first + ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @EnabledIf(
            value = "hasNamespacesOrNeedsThem",
            disabledReason = "needs root and iproute2 (CHORDSHARE_REQUIRE_NAMESPACES=true makes these tests fail "
            + "instead)")
    void after_random_kills_pauses_and_partitions_the_processes_are_one_ordered_ring(long seed) {
        List<Fault> plan = FaultPlan.of(seed, NODES, FAULTS_FOR);
        try (NodeNetwork network = NodeNetwork.of(NODES)) {
            List<ProcessNode> nodes = ring.at(network.places());
            assertCutsWork(network, nodes);
            Ring before = nodes.getFirst().client.ring();
            System.out.printf("%d faults for %d nodes within %d s: -Dchordshare.seed=%d -Dchordshare.chaos.nodes=%d"
                            + " -Dchordshare.chaos.seconds=%d%n%s%n%s%n", plan.size(), NODES, FAULTS_FOR.toSeconds(),
                            seed,
                    NODES, FAULTS_FOR.toSeconds(), RingReport.loops(nodes), RingReport.table(nodes));

            FaultRun.of(plan, nodes, network);
            long over = System.nanoTime();
            nodes.forEach(ProcessNode::awaitListening);

            System.out.printf("all nodes listen %.1f s after the last fault: %s%n%s%n", secondsSince(over),
                    RingReport.loops(nodes), RingReport.table(nodes));
            awaitOneRing(nodes, before.ringId(), seed);
            ring.removeAll();
        }
    }

    private static void awaitOneRing(List<ProcessNode> nodes, String ringId, long seed) {
        long start = System.nanoTime();
        try {
            await("one ordered ring of " + nodes + ", seed " + seed).atMost(ORDERED_WITHIN.plus(STAYS_FOR))
                    .during(STAYS_FOR)
                    .pollInterval(Duration.ofMillis(200)).ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .untilAsserted(() -> {
                        RingCheck.of(nodes).assertOrdered();
                        assertThat(nodes).extracting(node -> node.client.ring().ringId()).containsOnly(ringId);
                    });
        } catch (ConditionTimeoutException e) {
            Path states = Path.of("target", "chaos-states", Long.toString(seed)).toAbsolutePath();
            RingReport.write(states, nodes);
            System.out.printf("NOT one ordered ring (seed %d), details in %s: %s%n%s%n", seed, states,
                    RingReport.loops(nodes), RingReport.table(nodes));
            throw e;
        }
        System.out.printf("one ordered ring %.1f s after the last node listened, and still so %d s later (seed %d)%n",
                secondsSince(start) - STAYS_FOR.toSeconds(), STAYS_FOR.toSeconds(), seed);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    /** Otherwise the following steps would prove nothing. */
    private static void assertCutsWork(NodeNetwork network, List<ProcessNode> nodes) {
        List<Cut> oneWay = List.of(new Cut(0, 1, Loss.REQUESTS));
        List<Cut> both = List.of(new Cut(0, 1, Loss.PACKETS), new Cut(1, 0, Loss.PACKETS));

        network.cut(0, oneWay);
        assertThat(network.connects(0, 1)).as("what is cut").isFalse();
        assertThat(network.connects(1, 0)).as("the other way").isTrue();
        network.cut(1, both);
        assertThat(network.connects(1, 0)).as("both ways cut").isFalse();
        assertThat(nodes).as("nodes that the test reaches").allSatisfy(node -> assertThat(node.client.tryRing())
                .isPresent());
        network.heal(0, oneWay);
        network.heal(1, both);
        assertThat(network.connects(0, 1)).as("what was cut").isTrue();
    }
}
