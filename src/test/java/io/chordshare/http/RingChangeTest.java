package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joining and leaving: a separate node joins the shared ring, and has left it again when the test ends. */
@ExtendWith(SharedRing.class)
class RingChangeTest {

    private final Path directory;
    private final LocalNodes ring;
    private final LocalNodes alone;

    RingChangeTest(LocalNodes ring, @TempDir Path directory) {
        this.ring = ring;
        this.directory = directory;
        this.alone = LocalNodes.start(directory, 1);
    }

    @AfterEach
    void leave() {
        if (!alone.node(0).status().equals("ALONE")) {
            alone.api(0).post("/ring/leave?wait=30s").assertStatus(200);
        }
        alone.close();
        ring.awaitWhole();
    }

    @Test
    void a_node_alone_is_its_own_predecessor_and_successor() {
        var view = alone.node(0).ring();
        assertThat(view.path("status").asString()).isEqualTo("ALONE");
        assertThat(view.path("predecessor")).isEqualTo(view.path("self"));
        assertThat(view.path("successors").get(0)).isEqualTo(view.path("self"));
    }

    @Test
    void a_ring_of_one_joins_and_leaves_with_its_files_handed_off() {
        byte[] large = Api.randomBytes(5_000_000);
        Api node = alone.api(0);
        node.put("/files/brought/small", "small").assertStatus(201);
        node.put("/files/brought/large", large).assertStatus(201);
        node.put("/files/brought/one?copies=1", "one").assertStatus(201);
        ring.api(0).put("/files/brought/already", "already there");

        assertThat(node.join(ring.node(1).address()).assertStatus(200).json().path("status").asString())
                .isEqualTo("MEMBER");
        for (Api other : ring.apis()) {
            patiently().untilAsserted(() -> {
                assertThat(other.get("/files/brought/small").assertStatus(200).text()).isEqualTo("small");
                assertThat(other.get("/files/brought/large").assertStatus(200).body()).isEqualTo(large);
                assertThat(other.get("/files/brought/one").assertStatus(200).text()).isEqualTo("one");
            });
        }
        patiently().untilAsserted(() ->
                assertThat(node.get("/files/brought/already").assertStatus(200).text()).isEqualTo("already there"));
        node.put("/files/brought/while-member?copies=1", Api.randomBytes(300_000)).assertStatus(201);

        assertThat(node.post("/ring/leave?wait=30s").assertStatus(200).json().path("status").asString())
                .isEqualTo("ALONE");
        for (Api other : ring.apis()) {
            assertThat(other.get("/files/brought/small").assertStatus(200).text()).isEqualTo("small");
            assertThat(other.get("/files/brought/large").assertStatus(200).body()).isEqualTo(large);
            assertThat(other.get("/files/brought/one").assertStatus(200).text()).isEqualTo("one");
            assertThat(other.get("/files/brought/while-member").assertStatus(200).body())
                    .isEqualTo(Api.randomBytes(300_000));
        }
        // The data is set aside and no longer served
        node.get("/files/brought/small").assertProblem(404);
        assertThat(node.get("/files").json().path("files").size()).isZero();

        // The node may join again
        node.join(ring.node(2).address()).assertStatus(200);
        patiently().untilAsserted(() -> assertThat(node.get("/files/brought/small").assertStatus(200).text())
                .isEqualTo("small"));
    }

    @Test
    void leaving_without_a_wait_is_accepted_and_continues_in_the_background() {
        Api node = alone.api(0);
        node.join(ring.node(0).address()).assertStatus(200);
        node.post("/ring/leave").assertStatus(202);
        patiently().untilAsserted(() -> assertThat(alone.node(0).status()).isEqualTo("ALONE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ring/leave?wait=5s", "/ring/leave", "/ring/leave?force=true"})
    void a_ring_of_one_cannot_leave_and_keeps_its_files(String leave) {
        Api node = alone.api(0);
        node.put("/files/mine", "mine").assertStatus(201);
        assertThat(node.post(leave).status()).isIn(200, 202, 409);
        assertThat(alone.node(0).status()).isEqualTo("ALONE");
        assertThat(node.get("/files/mine").assertStatus(200).text()).isEqualTo("mine");
        node.delete("/ring/leave");
        assertThat(node.get("/files/mine").assertStatus(200).text()).isEqualTo("mine");
    }

    @Test
    void a_node_that_comes_back_lists_and_gets_again_what_it_does_not_answer_for() {
        try (LocalNodes few = LocalNodes.start(directory, 3, "--chordshare.files.owner-set=1")) {
            for (int i = 0; i < 20; i++) {
                few.api(i % 3).put("/files/everywhere/" + i, "file " + i).assertStatus(201);
            }
            patiently().untilAsserted(() -> assertEverywhere(few.api(2)));

            few.api(2).post("/ring/leave?wait=30s").assertStatus(200);
            few.api(2).join(few.node(0).address()).assertStatus(200);

            patiently().untilAsserted(() -> assertEverywhere(few.api(2)));
        }
    }

    private static void assertEverywhere(Api node) {
        assertThat(node.get("/files?prefix=everywhere/").assertStatus(200).json().path("files").size()).isEqualTo(20);
        for (int i = 0; i < 20; i++) {
            assertThat(node.get("/locations/everywhere/" + i).assertStatus(200).json().path("holders").size())
                    .as("nodes that hold file %d", i).isEqualTo(3);
        }
    }

    @Test
    void a_member_of_another_ring_is_refused() {
        Api node = alone.api(0);
        try (LocalNode second = new LocalNode(directory, "--chordshare.node.seeds=" + alone.node(0).address())
                .start()) {
            patiently().untilAsserted(() -> assertThat(alone.node(0).status()).isEqualTo("MEMBER"));
            node.join(ring.node(0).address()).assertProblem(409, "already-in-ring");
            assertThat(alone.node(0).status()).isEqualTo("MEMBER");
            patiently().untilAsserted(() -> second.api().post("/ring/leave?wait=20s").assertStatus(200));
        }
        patiently().untilAsserted(() -> assertThat(alone.node(0).status()).isEqualTo("ALONE"));
    }
}
