package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One node on a real disk that is filled to the last byte, runs out of inodes, or becomes read-only. */
@EnabledIf(
        value = "hasNamespacesOrNeedsThem",
        disabledReason = "needs user namespaces (CHORDSHARE_REQUIRE_NAMESPACES=true makes these tests fail instead)")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullDiskIT {

    private static final String ROOM = "size=64m,nr_inodes=400";
    private static final Duration NOTICED_WITHIN = Duration.ofMinutes(1);
    private static final int LARGE_BYTES = 3_000_000;
    /** Banner and start, twice, and the messages about the disk. */
    private static final int MAX_LOG_LINES = 100;

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private static SmallDisk disk;
    private static ProcessNode node;

    /** Fails the tests without namespaces when CHORDSHARE_REQUIRE_NAMESPACES is set. */
    static boolean hasNamespacesOrNeedsThem() {
        return Boolean.parseBoolean(System.getenv("CHORDSHARE_REQUIRE_NAMESPACES")) || SmallDisk.isPossible();
    }

    @BeforeAll
    static void start() {
        disk = SmallDisk.with(ROOM);
        node = ring.addAt(disk.place(), disk.data(), "--chordshare.files.reserve=16MB").start();
        node.awaitReady();
        for (int i = 0; i < 4; i++) {
            assertThat(putLarge("large-" + i)).isEqualTo(201);
            assertThat(put("small-" + i, new byte[] {1})).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        ring.removeAll();
        disk.close();
    }

    private static int put(String name, byte[] content) {
        RingClient.Answer answer = node.client.put(name, "all", () -> new ByteArrayInputStream(content));
        assertThat(answer.detail()).doesNotContain(disk.data().toString(), "Exception", "java.");
        return answer.status();
    }

    /** The bytes are unique, so they need space of their own. */
    private static int putLarge(String name) {
        byte[] content = new byte[LARGE_BYTES];
        new Random(name.hashCode()).nextBytes(content);
        return put(name, content);
    }

    private static void awaitReadiness(String text) {
        await().atMost(NOTICED_WITHIN).pollInterval(Duration.ofMillis(200)).untilAsserted(() ->
                assertThat(node.client.readiness()).contains(text).doesNotContain(disk.data().toString(), "Exception"));
    }

    private static void assertFull() {
        assertThat(put("empty", new byte[0])).isEqualTo(507);
        assertThat(putLarge("new")).isEqualTo(507);
        assertThat(node.client.get("empty").status()).isEqualTo(404);
        assertThat(node.client.get("large-0").status()).isEqualTo(200);
        awaitReadiness("\"FULL\"");
    }

    private static void assertWorks(String name) {
        awaitReadiness("\"GOOD\"");
        assertThat(putLarge(name)).isEqualTo(201);
        assertThat(node.client.delete(name).status()).isEqualTo(204);
    }

    @Test
    @Order(1)
    void on_a_disk_without_a_free_byte_uploads_are_507_and_reads_and_deletes_go_on() {
        disk.fill();

        assertFull();

        assertThat(node.client.delete("small-0").status()).isEqualTo(204);
        disk.fill();
        assertThat(node.client.delete("large-1").status()).isEqualTo(204);
        assertThat(node.client.get("large-1").status()).isEqualTo(404);
    }

    @Test
    @Order(2)
    void a_node_that_was_stopped_on_a_full_disk_starts_again_and_serves_and_deletes() {
        disk.fill();
        node.terminate();
        disk.fill();

        node.start().awaitListening();

        assertFull();
        assertThat(node.client.delete("small-1").status()).isEqualTo(204);
        assertThat(node.client.delete("large-2").status()).isEqualTo(204);
        assertThat(node.client.get("large-2").status()).isEqualTo(404);
    }

    @Test
    @Order(3)
    void a_node_that_was_killed_on_a_full_disk_starts_again_and_recovers_by_itself_when_there_is_room() {
        disk.fill();
        node.kill();
        disk.fill();

        node.start().awaitListening();

        assertFull();
        assertThat(node.client.get("large-2").status()).isEqualTo(404);
        disk.makeRoom();
        assertWorks("after-the-kill");
    }

    @Test
    @Order(4)
    void without_inodes_there_is_no_room_either() {
        disk.useUpInodes();

        assertThat(putLarge("new")).isEqualTo(507);
        awaitReadiness("\"FULL\"");
        assertThat(node.client.get("large-0").status()).isEqualTo(200);
        assertThat(node.client.delete("small-2").status()).isEqualTo(204);

        disk.makeRoom();
        assertWorks("after-inodes");
    }

    @Test
    @Order(5)
    void a_limit_on_the_size_of_files_is_no_room_too() {
        limitFiles("1000000");

        assertThat(putLarge("new")).isEqualTo(507);
        assertThat(node.client.get("large-0").status()).isEqualTo(200);

        limitFiles("unlimited");
        assertWorks("after-the-limit");
    }

    private static void limitFiles(String bytes) {
        assertThat(SmallDisk.run(List.of("prlimit", "--pid", Long.toString(node.pid()), "--fsize=" + bytes
                + ":unlimited")))
                .isZero();
    }

    @Test
    @Order(6)
    void a_disk_that_becomes_read_only_shows_in_readiness_and_reads_go_on() {
        disk.makeReadOnly();

        awaitReadiness("\"READ_ONLY\"");
        assertThat(putLarge("new")).isEqualTo(503);
        assertThat(node.client.get("large-0").status()).isEqualTo(200);

        disk.makeWritable();
        assertWorks("after-read-only");
    }

    @Test
    @Order(7)
    void all_this_is_told_in_a_few_lines() throws IOException {
        List<String> lines = Files.readAllLines(node.log());

        assertThat(lines).hasSizeLessThan(MAX_LOG_LINES);
        assertThat(lines).filteredOn(line -> line.stripLeading().startsWith("at ")).isEmpty();
        assertThat(lines).filteredOn(line -> line.contains("is no room for new files")).isNotEmpty();
    }
}
