package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostRecordsTest {

    @TempDir
    private Path directory;

    @Test
    void a_node_without_records_fetches_them_and_its_blocks_become_copies_again()
            throws IOException {
        byte[] large = Api.randomBytes(5_000_000);
        try (LocalNodes ring = LocalNodes.start(directory, 3)) {
            ring.api(0).put("/files/large", large).assertStatus(201);
            ring.api(0).put("/files/small", "small").assertStatus(201);
            LocalNode node = ring.node(1);
            // two of three have acknowledged the files, and this node may be the third
            awaitThreeHolders(node, "large", "small");
            Path data = directory.resolve("node-" + node.port());
            String id = node.id();
            node.close();
            Map<Path, Object> before = blocks(data);
            assertThat(before).hasSize(2);
            Files.delete(data.resolve("data/records.db"));

            assertThatThrownBy(node::start).hasStackTraceContaining("records.db is missing");
            Files.createFile(data.resolve("start-without-records"));
            node.start();

            ring.awaitWhole();
            assertThat(node.id()).as("it has forgotten what it promised").isNotEqualTo(id);
            awaitThreeHolders(node, "large", "small");
            assertThat(node.api().get("/files/large").assertStatus(200).body()).isEqualTo(large);
            assertThat(blocks(data)).as("the files that were there, not fetched again").isEqualTo(before);
            patiently().untilAsserted(() -> assertThat(node.api().get("/actuator/ring").json().path("orphans")
                    .path("blocks").asInt(-1)).isZero());
        }
    }

    private static void awaitThreeHolders(LocalNode asked, String... names) {
        for (String name : names) {
            patiently().untilAsserted(() -> assertThat(asked.api().get("/locations/" + name).json().path("holders"))
                    .hasSize(3));
        }
    }

    /** Each file with properties that distinguish it from another file of the same name. */
    private static Map<Path, Object> blocks(Path data) throws IOException {
        Map<Path, Object> found = new HashMap<>();
        try (Stream<Path> all = Files.walk(data.resolve("data/blocks"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                found.put(file, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
            }
        }
        return found;
    }
}
