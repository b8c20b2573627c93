package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class HealingTest {

    private static final int FILES = 6;

    @TempDir
    private Path directory;

    @Test
    void while_nodes_restart_the_others_serve_every_file() throws Exception {
        try (LocalNodes ring = LocalNodes.start(directory, 4)) {
            for (int i = 0; i < FILES; i++) {
                ring.api(i % 4).put("/files/heal/" + i, Api.randomBytes(i * 50_000)).assertStatus(201);
            }
            // The first node is the seed of the others and has no seeds itself. It finds them by the peers that it
            // remembers
            for (int index : new int[] {2, 0}) {
                LocalNode node = ring.node(index);
                JsonNode before = node.ring().path("self");
                List<LocalNode> others = new ArrayList<>(ring.all());
                others.remove(node);

                Readers readers = new Readers(others);
                node.close();
                patiently().untilAsserted(() -> LocalNodes.assertWhole(others));
                others.get(0).api().put("/files/heal/while-" + index + "-was-away", "body").assertStatus(201);
                node.start();
                ring.awaitWhole();
                assertThat(readers.stop()).isEmpty();
                assertThat(readers.reads()).isGreaterThan(FILES);

                JsonNode after = node.ring().path("self");
                assertThat(after.path("id")).isEqualTo(before.path("id"));
                assertThat(after.path("incarnation").asLong()).isGreaterThan(before.path("incarnation").asLong());
                for (int i = 0; i < FILES; i++) {
                    assertThat(node.api().get("/files/heal/" + i).assertStatus(200).body())
                            .isEqualTo(Api.randomBytes(i * 50_000));
                }
                assertThat(node.api().get("/files/heal/while-" + index + "-was-away").assertStatus(200).text())
                        .isEqualTo("body");
                patiently().untilAsserted(() -> assertThat(node.api().get("/files?prefix=heal/while-" + index).json()
                        .path("files").size()).isEqualTo(1));
                patiently().untilAsserted(() -> assertThat(node.api().get("/locations/heal/while-" + index
                        + "-was-away")
                        .json().path("holders").size()).isEqualTo(4));
            }
        }
    }

    @Test
    void a_ring_that_was_stopped_completely_restarts_with_its_files() {
        try (LocalNodes ring = LocalNodes.start(directory, 3)) {
            ring.api(0).put("/files/heal/all-off", Api.randomBytes(5_000_000)).assertStatus(201);
            List<String> ids = ring.all().stream().map(LocalNode::id).toList();
            String ringId = ring.node(0).ring().path("ringId").asString();
            ring.switchOff();
            ring.all().forEach(LocalNode::start);
            ring.awaitWhole();
            assertThat(ring.all().stream().map(LocalNode::id).toList()).isEqualTo(ids);
            assertThat(ring.node(2).ring().path("ringId").asString()).isEqualTo(ringId);
            ring.apis().forEach(node -> assertThat(node.get("/files/heal/all-off").assertStatus(200).body())
                    .isEqualTo(Api.randomBytes(5_000_000)));
        }
    }

    /** Repeatedly reads all files at all of these nodes until it is stopped. */
    private static final class Readers {

        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger reads = new AtomicInteger();
        private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads;

        Readers(List<LocalNode> nodes) {
            threads = nodes.stream().map(node -> Thread.ofVirtual().start(() -> read(node.api()))).toList();
        }

        private void read(Api node) {
            for (int i = 0; !stopped.get(); i = (i + 1) % FILES) {
                try {
                    Reply reply = node.get("/files/heal/" + i);
                    if (reply.status() != 200 || reply.body().length != i * 50_000) {
                        failures.add(node.port() + ": " + reply.describe());
                    }
                } catch (RuntimeException e) {
                    failures.add(e.toString());
                }
                reads.incrementAndGet();
            }
        }

        int reads() {
            return reads.get();
        }

        List<String> stop() throws InterruptedException {
            stopped.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            return failures;
        }
    }
}
