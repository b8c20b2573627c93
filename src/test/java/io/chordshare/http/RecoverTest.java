package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A person gives the slots of nodes that will never come back to those that are left. */
class RecoverTest {

    private static final byte[] LARGE = Api.randomBytes(300_000);

    @TempDir
    private Path directory;

    @Test
    void the_last_of_three_serves_every_file_again_and_takes_the_others_back_when_they_return_after_all() {
        try (LocalNodes ring = LocalNodes.start(directory, 3)) {
            ring.api(0).put("/files/small", "small").assertStatus(201);
            ring.api(1).put("/files/large", LARGE).assertStatus(201);
            patiently().untilAsserted(() -> assertThat(ring.api(2).get("/locations/large").json().path("missing")
                    .asInt(-1)).isZero());
            ring.node(0).close();
            ring.node(1).close();
            Api last = ring.api(2);
            patiently().untilAsserted(() -> assertThat(ring.node(2).status()).isEqualTo("ISOLATED"));
            last.get("/files/small").assertProblem(503);

            JsonNode report = last.post("/ring/recover").assertStatus(200).json();

            assertThat(report.path("slots").asInt()).isEqualTo(last.get("/ring").json().path("slots").path("count")
                    .asInt());
            assertThat(report.path("lost").size()).isEqualTo(2);
            assertThat(report.path("failed").asInt(-1)).isZero();
            assertThat(report.path("missing").asInt(-1)).isZero();
            assertThat(report.path("unknown").asInt(-1)).isZero();
            assertThat(last.get("/files/small").assertStatus(200).text()).isEqualTo("small");
            assertThat(last.get("/files/large").assertStatus(200).body()).isEqualTo(LARGE);
            last.put("/files/small", "newer").assertStatus(200);
            assertThat(last.post("/ring/recover").assertStatus(200).json().path("slots").asInt(-1)).isZero();

            ring.node(0).start();
            ring.node(1).start();
            ring.awaitWhole();
            for (Api node : ring.apis()) {
                patiently().untilAsserted(() -> assertThat(node.get("/files/small").assertStatus(200).text())
                        .isEqualTo("newer"));
                assertThat(node.get("/files/large").assertStatus(200).body()).isEqualTo(LARGE);
            }
        }
    }

    @Test
    void a_file_that_only_other_nodes_have_kept_is_written_again_and_one_that_nobody_has_is_named() {
        try (LocalNodes ring = LocalNodes.start(directory, 4, "--chordshare.files.owner-set=1")) {
            for (int i = 0; i < 12; i++) {
                ring.api(0).put("/files/everywhere/" + i, LARGE).assertStatus(201);
                ring.api(0).put("/files/once/" + i + "?copies=1", "once").assertStatus(201);
            }
            for (Api node : ring.apis()) {
                patiently().untilAsserted(() -> {
                    JsonNode listed = node.get("/files").json().path("files");
                    assertThat(listed.size()).isEqualTo(24);
                    for (int i = 0; i < 12; i++) {
                        assertThat(node.get("/locations/everywhere/" + i).json().path("missing").asInt(-1)).isZero();
                    }
                });
            }
            ring.node(3).close();
            patiently().untilAsserted(() -> LocalNodes.assertWhole(ring.all().subList(0, 3)));
            JsonNode lost = ring.api(0).post("/ring/recover").assertStatus(200).json();

            assertThat(lost.path("slots").asInt()).isPositive();
            assertThat(lost.path("failed").asInt(-1)).isZero();
            assertThat(lost.path("restored").asInt() + lost.path("missing").asInt()).isPositive();
            assertThat(lost.path("names").valueStream().map(JsonNode::asString))
                    .allMatch(name -> name.startsWith("once/")).hasSize(lost.path("missing").asInt());
            for (int i = 0; i < 12; i++) {
                assertThat(ring.api(1).get("/files/everywhere/" + i).assertStatus(200).body()).isEqualTo(LARGE);
            }
        }
    }
}
