package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node survives any request from users and from senders that claim to be peers: it answers, reveals no internals,
 * stays in the ring and within its heap, and changes only named files. See docs/fuzz.md.
 */
class FuzzIT {

    private static final int NODES = 3;
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("chordshare.fuzz.seconds",
            ProcessRing.LONG ? 1800 : 60));
    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(120);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final List<String> GROUPS = List.of("public", "peer");
    /** Fraction of the heap that survives a collection. The rest is for running requests. */
    private static final double FULLEST_HEAP = 0.9;
    private static final int HISTOGRAM_LINES = 30;

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private final long seed = Long.getLong("chordshare.seed", System.nanoTime());
    /** Sends only this request, to examine it. */
    private final Long only = Long.getLong("chordshare.fuzz.only");

    @Test
    void whatever_is_asked_no_node_fails_names_its_insides_leaves_the_ring_or_changes_a_file_that_was_not_named()
            throws Exception {
        List<ProcessNode> nodes = ring.of(NODES);
        FuzzFiles files = new FuzzFiles(nodes);
        JqwikSession.start();
        try (HostilePeer hostile = new HostilePeer()) {
            FuzzRequests requests = new FuzzRequests(documents(nodes.getFirst()),
                    new FuzzValues(nodes.stream().map(node -> node.client.ring()).toList(), files.one(),
                            hostile.address()), seed);
            FuzzRun run = new FuzzRun(nodes, requests, only == null ? 0 : only, only == null ? Long.MAX_VALUE / 2 : 1);
            System.out.println("fuzz: -Dchordshare.seed=" + seed);
            run.run(LENGTH, only == null ? requests.operations() : List.of());
            System.out.printf("fuzz: seed %d, %s; the hostile peer was asked %d times%n", seed, run, hostile.asked());
            assertThat(run.problems()).as("-Dchordshare.seed=%d, one request again: -Dchordshare.fuzz.only=<number>",
                    seed).isEmpty();
            if (only == null) {
                assertThat(run.succeeded()).as("operations that were asked, and once rightly")
                        .containsAll(requests.operations());
            }
            assertAllIsWell(nodes, files, run);
        } finally {
            JqwikSession.finish();
        }
    }

    private static void assertAllIsWell(List<ProcessNode> nodes, FuzzFiles files, FuzzRun run) throws IOException {
        await("every node is ready").atMost(READY_WITHIN).pollInterval(Duration.ofSeconds(1)).until(() -> {
            nodes.stream().filter(node -> node.client.ring().status().equals("ALONE")).forEach(run::comeBack);
            return nodes.stream().allMatch(node -> node.client.isReady());
        });
        ProcessRing.awaitOrdered(nodes, ORDERED_WITHIN);
        files.assertUntouched(run.names());
        files.assertUploadsWork();
        for (ProcessNode node : nodes) {
            double used = inUseForGood(node);
            System.out.printf("fuzz: %s has %.2f of its heap in use for good%n", node, used);
            assertThat(used).as("part of %s's heap that is in use for good:%n%s", node,
                    used > FULLEST_HEAP ? node.jcmd("GC.class_histogram").lines().limit(HISTOGRAM_LINES)
                            .collect(Collectors.joining("\n")) : "").isBetween(0.01, FULLEST_HEAP);
            Optional<String> wrong = FuzzOracle.problemOfLog(
                    Files.readString(node.log(), StandardCharsets.ISO_8859_1));
            assertThat(wrong).as("the log of %s", node).isEmpty();
        }
    }

    private static double inUseForGood(ProcessNode node) {
        node.jcmd("GC.run");
        return JsonMapper.shared().readTree(node.client.body("/actuator/metrics/jvm.memory.usage.after.gc"))
                .path("measurements").path(0).path("value").asDouble();
    }

    private static List<JsonNode> documents(ProcessNode node) {
        return GROUPS.stream().map(group -> JsonMapper.shared().readTree(node.client.body("/v3/api-docs/"
                + group))).toList();
    }
}
