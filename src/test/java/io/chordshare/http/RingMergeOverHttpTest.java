package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two separate rings with their own files become one after a request to one node. */
class RingMergeOverHttpTest {

    @Test
    void one_request_merges_two_rings_with_their_nodes_and_files(@TempDir Path one, @TempDir Path other) {
        try (LocalNodes left = LocalNodes.start(one, 2); LocalNodes right = LocalNodes.start(other, 2)) {
            left.api(0).put("/files/from-left", "left").assertStatus(201);
            right.api(1).put("/files/from-right", "right").assertStatus(201);
            left.api(1).join(right.node(0).address()).assertProblem(409, "already-in-ring");

            left.api(1).join("/ring/join?wait=30s",
                    "{\"address\":\"" + right.node(0).address() + "\",\"merge\":true}").assertStatus(200);

            patiently().untilAsserted(() -> LocalNodes.assertWhole(
                    Stream.of(left, right).flatMap(ring -> ring.all().stream()).toList()));
            Set<String> ringIds = new HashSet<>();
            for (LocalNode node : Stream.of(left, right).flatMap(ring -> ring.all().stream()).toList()) {
                ringIds.add(node.ring().path("ringId").asString());
                patiently().untilAsserted(() -> {
                    assertThat(node.api().get("/files/from-left").assertStatus(200).text()).isEqualTo("left");
                    assertThat(node.api().get("/files/from-right").assertStatus(200).text()).isEqualTo("right");
                });
            }
            assertThat(ringIds).hasSize(1);
        }
    }
}
