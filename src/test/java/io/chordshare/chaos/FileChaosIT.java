package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Users upload, replace and download files at real processes that are killed, paused, cut off, sent away and brought
 * back at random. {@code docs/chaos.md} says how to run it.
 */
@EnabledIfSystemProperty(
        named = "chordshare.chaos.files",
        matches = "true",
        disabledReason = "eight processes on the cores of this machine for ten minutes: -Dchordshare.chaos.files=true")
class FileChaosIT {

    private static final int NODES = 8;
    private static final int FILES = 40;
    private static final Traffic.Users USERS = new Traffic.Users(2, 3);
    /** Of five members of a view three answer then. */
    private static final int MAY_BE_DOWN = 2;
    private static final Duration FAULTS_FOR = Duration.ofSeconds(
            Long.getLong("chordshare.chaos.seconds", ProcessRing.LONG ? 300 : 40));
    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(120);
    /** Every slot has its members again, and all of them have the bytes. */
    private static final Duration WHOLE_WITHIN = Duration.ofMinutes(3);

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    private final long seed = Long.getLong("chordshare.seed", System.nanoTime());

    static boolean hasNamespacesOrNeedsThem() {
        return RingChaosIT.hasNamespacesOrNeedsThem();
    }

    @Test
    @EnabledIf("hasNamespacesOrNeedsThem")
    void while_a_minority_is_down_or_leaves_a_request_that_is_tried_twice_succeeds_and_no_file_is_lost_or_old() {
        try (NodeNetwork network = NodeNetwork.of(NODES)) {
            Traffic traffic = run(MinorityPlan.of(seed, NODES, FAULTS_FOR), network);
            assertThat(traffic.refusedTwice()).isEmpty();
            ring.removeAll();
        }
    }

    @Test
    @EnabledIf("hasNamespacesOrNeedsThem")
    void whatever_is_killed_paused_or_cut_off_no_file_is_lost_or_old() {
        try (NodeNetwork network = NodeNetwork.of(NODES)) {
            run(FaultPlan.of(seed, NODES, FAULTS_FOR), network);
            ring.removeAll();
        }
    }

    private Traffic run(List<Fault> plan, NodeNetwork network) {
        List<ProcessNode> nodes = ring.at(network.places());
        System.out.printf("%d faults for %d nodes within %d s: -Dchordshare.seed=%d -Dchordshare.chaos.seconds=%d%n",
                plan.size(), NODES, FAULTS_FOR.toSeconds(), seed, FAULTS_FOR.toSeconds());
        Traffic traffic;
        try (NodeHealth health = new NodeHealth(nodes, MAY_BE_DOWN);
                Traffic users = new Traffic(nodes, FILES, USERS, health, seed)) {
            traffic = users;
            FaultRun.of(plan, nodes, network);
            nodes.forEach(ProcessNode::awaitListening);
        }
        System.out.printf("during the faults (seed %d): %s%n", seed, traffic.summary());
        long start = System.nanoTime();
        await("all are one ring again, seed " + seed).atMost(ORDERED_WITHIN).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    nodes.forEach(node -> ProcessRing.comeBack(node, nodes));
                    RingCheck.of(nodes).assertOrdered();
                });
        double ordered = (System.nanoTime() - start) / 1e9;
        traffic.forgetFailures();
        traffic.readAll();
        await("every file has its copies, seed " + seed).atMost(WHOLE_WITHIN).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(traffic.lackingCopies()).isEmpty());
        System.out.printf("ordered after %.1f s, every copy there after %.1f s (seed %d): %s%n", ordered,
                (System.nanoTime() - start) / 1e9, seed, traffic.summary());
        assertThat(traffic.badReads()).isEmpty();
        return traffic;
    }
}
