package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.lifecycle.Startables;

/** Nodes from the Dockerfile's image form a ring on a network of their own, and are killed and stopped. */
@LongRun
@EnabledIf(
        value = "hasDockerOrNeedsIt",
        disabledReason = "No Docker engine answers (CHORDSHARE_REQUIRE_DOCKER=true makes these tests fail instead)")
class ContainerRingIT {

    private static final Duration HEALS_WITHIN = Duration.ofSeconds(90);
    private static final int NODES = 5;

    /** Kept after the tests, because its layers speed up the next run. */
    private static final String IMAGE = "chordshare:test";

    private static final List<ContainerNode> nodes = new ArrayList<>();
    private static Network network;
    private static Future<String> image;

    @BeforeAll
    static void startTheRing() {
        image = new ImageFromDockerfile(IMAGE, false).withDockerfile(Path.of("Dockerfile").toAbsolutePath());
        network = Network.newNetwork();
        ContainerNode first = ContainerNode.alone(image, "node1", network);
        nodes.add(first);
        IntStream.rangeClosed(2, NODES)
                .mapToObj(number -> ContainerNode.alone(image, "node" + number, network).joining(first))
                .forEach(nodes::add);
        Startables.deepStart(nodes.stream().map(ContainerNode::startable)).join();
    }

    /** Fails the tests without an engine when CHORDSHARE_REQUIRE_DOCKER is set. */
    static boolean hasDockerOrNeedsIt() {
        return Boolean.parseBoolean(System.getenv("CHORDSHARE_REQUIRE_DOCKER"))
                || DockerClientFactory.instance().isDockerAvailable();
    }

    @AfterAll
    static void removeTheRing() {
        nodes.forEach(ContainerNode::close);
        nodes.clear();
        if (network != null) {
            network.close();
        }
    }

    /** After whatever the previous test did, starting stopped nodes is enough to make the ring whole again. */
    @BeforeEach
    void becomeWhole() {
        nodes.stream().filter(node -> !node.isRunning()).forEach(ContainerNode::startAgain);
        awaitRingOf(nodes);
    }

    @Test
    void what_is_uploaded_at_one_node_is_downloaded_at_every_other() throws Exception {
        byte[] content = bytes(3_000_000, 1);

        HttpResponse<byte[]> uploaded = nodes.get(1).upload("reports/2026/q3.bin", content);

        assertThat(uploaded.statusCode()).isEqualTo(201);
        for (ContainerNode node : nodes) {
            HttpResponse<byte[]> downloaded = node.download("reports/2026/q3.bin");
            assertThat(downloaded.statusCode()).as(node.name()).isEqualTo(200);
            assertThat(downloaded.body()).as(node.name()).isEqualTo(content);
            assertThat(downloaded.headers().firstValue("ETag"))
                    .as(node.name())
                    .isEqualTo(uploaded.headers().firstValue("ETag"));
        }
    }

    @Test
    void when_a_node_is_killed_everything_is_still_there_at_every_survivor() throws Exception {
        Map<String, byte[]> files = uploadAtEveryNode("killed");
        ContainerNode victim = nodes.get(2);
        List<ContainerNode> survivors = without(victim);

        victim.kill();

        for (ContainerNode survivor : survivors) {
            files.forEach((name, content) -> awaitDownload(survivor, name, content));
        }
        awaitRingOf(survivors);
        for (ContainerNode survivor : survivors) {
            files.forEach((name, content) -> awaitDownload(survivor, name, content));
        }
    }

    @Test
    void the_first_node_is_in_the_ring_again_after_a_stop_and_a_start() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>(uploadAtEveryNode("before"));
        ContainerNode first = nodes.getFirst();
        List<ContainerNode> others = without(first);
        String id = first.ring().at("/self/id").asString();

        first.stop();
        awaitRingOf(others);
        byte[] meanwhile = bytes(50_000, 99);
        assertThat(nodes.get(3).upload("meanwhile.bin", meanwhile).statusCode()).isEqualTo(201);
        files.put("meanwhile.bin", meanwhile);
        first.startAgain();

        awaitRingOf(nodes);
        assertThat(first.ring().at("/self/id").asString()).isEqualTo(id);
        files.forEach((name, content) -> awaitDownload(first, name, content));
        await().atMost(HEALS_WITHIN).until(first::isHealthy);
    }

    @Test
    void the_image_runs_as_a_non_root_user() throws Exception {
        ContainerNode node = nodes.getFirst();

        assertThat(node.run("stat", "--format=%u:%g", "/proc/1").getStdout().strip()).isEqualTo("10001:10001");
        assertThat(node.run("find", "/data", "-mindepth", "1", "!", "-user", "10001").getStdout()).isEmpty();
    }

    @Test
    void the_image_becomes_healthy_without_curl() throws Exception {
        ContainerNode node = nodes.getFirst();

        await().atMost(HEALS_WITHIN).until(node::isHealthy);
        // with only bash: no curl and no other program
        assertThat(checkHealth(node, ContainerNode.PORT)).isZero();
        assertThat(checkHealth(node, 9)).isNotZero();
    }

    private static int checkHealth(ContainerNode node, int port) throws Exception {
        return node.run("env", "PATH=/nowhere", "SERVER_PORT=" + port, "/bin/bash", "/app/healthcheck")
                .getExitCode();
    }

    @Test
    void an_upload_larger_than_the_disk_is_answered_507_and_smaller_files_still_work() throws Exception {
        try (ContainerNode node = ContainerNode.alone(image, "small", network).withDisk("48m")) {
            node.start();
            byte[] before = bytes(1_000_000, 7);
            assertThat(node.upload("before.bin", before).statusCode()).isEqualTo(201);

            assertThat(node.upload("too-large.bin", bytes(64_000_000, 8)).statusCode())
                    .isEqualTo(507);

            assertThat(node.download("too-large.bin").statusCode()).isEqualTo(404);
            assertThat(node.download("before.bin").body()).isEqualTo(before);
            byte[] after = bytes(5_000_000, 9);
            assertThat(node.upload("after.bin", after).statusCode()).isEqualTo(201);
            assertThat(node.download("after.bin").body()).isEqualTo(after);
        }
    }

    /** Uploads one file through each node, from empty to several blocks long. */
    private static Map<String, byte[]> uploadAtEveryNode(String folder) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            String name = folder + "/" + i + ".bin";
            byte[] content = bytes(i * 700_000, i);
            assertThat(nodes.get(i).upload(name, content).statusCode()).as(name).isEqualTo(201);
            files.put(name, content);
        }
        return files;
    }

    /**
     * A node may answer that it cannot tell now. It must not answer that the file does not exist, or give other bytes.
     */
    private static void awaitDownload(ContainerNode node, String name, byte[] content) {
        await("download of " + name + " at " + node.name()).atMost(HEALS_WITHIN).until(() -> {
            HttpResponse<byte[]> answer = node.download(name);
            assertThat(answer.statusCode()).as("%s at %s", name, node.name()).isIn(200, 429, 502, 503, 504);
            if (answer.statusCode() == 200) {
                assertThat(answer.body()).as("%s at %s", name, node.name()).isEqualTo(content);
            }
            return answer.statusCode() == 200;
        });
    }

    private static void awaitRingOf(List<ContainerNode> members) {
        ContainerNode[] all = members.toArray(ContainerNode[]::new);
        await("a ring of " + Arrays.toString(members.stream().map(ContainerNode::name).toArray()))
                .atMost(HEALS_WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Stream.of(all).allMatch(node -> node.seesRingOf(all)));
    }

    private static List<ContainerNode> without(ContainerNode gone) {
        return nodes.stream().filter(node -> node != gone).toList();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
