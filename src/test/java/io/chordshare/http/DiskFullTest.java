package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DiskFullTest {

    /** Larger than every disk. */
    private static final String FULL = "--chordshare.files.reserve=1000000GB";

    private static final String FORM = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"part\"\r\n\r\n"
            + "part\r\n--b--\r\n";

    @TempDir
    private Path directory;

    @Test
    void a_full_node_refuses_new_files_but_reads_and_deletes_work() {
        byte[] large = Api.randomBytes(5_000_000);
        try (LocalNodes one = LocalNodes.start(directory, 1)) {
            Api api = one.api(0);
            api.put("/files/small", "small").assertStatus(201);
            api.put("/files/large", large).assertStatus(201);
            api.put("/files/deleted", "deleted").assertStatus(201);
            one.node(0).close();
            one.node(0).start(FULL);
            one.awaitServing();
            assertNotReady(api);

            api.put("/files/new-small", "new").assertProblem(507, "disk-full");
            api.put("/files/other-large", Api.randomBytes(6_000_000)).assertProblem(507, "disk-full");
            api.put("/files/small", "replaced").assertProblem(507, "disk-full");
            api.put("/files/empty", "").assertProblem(507, "disk-full");
            api.put("/files/one-copy?copies=1", "1").assertProblem(507, "disk-full");
            assertThat(api.post("/files", FORM, "Content-Type: multipart/form-data; boundary=b").assertStatus(207)
                    .json()
                    .path("results").path(0).path("status").asInt()).isEqualTo(507);
            api.get("/files/new-small").assertProblem(404);
            api.get("/files/other-large").assertProblem(404);

            assertThat(api.get("/files/small").assertStatus(200).text()).isEqualTo("small");
            assertThat(api.get("/files/large").assertStatus(200).body()).isEqualTo(large);
            assertThat(api.get("/files/large", "Range: bytes=4194300-4194310").assertStatus(206).body()).hasSize(11);
            api.delete("/files/deleted").assertStatus(204);
            api.get("/files/deleted").assertProblem(404);
            api.delete("/files/large").assertStatus(204);
            api.delete("/files/small").assertStatus(204);
            assertThat(api.get("/files").assertStatus(200).json().path("files")).isEmpty();
            assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);

            one.node(0).close();
            one.node(0).start();
            one.awaitWhole();
            api.put("/files/new-small", "new").assertStatus(201);
        }
    }

    /** Readiness tells everybody the reason, and nothing that helps an attacker. */
    private void assertNotReady(Api api) {
        Reply readiness = api.get("/actuator/health/readiness").assertStatus(503);
        JsonNode disk = readiness.json().path("components").path("disk");
        assertThat(disk.path("status").asString()).isEqualTo("OUT_OF_SERVICE");
        assertThat(disk.path("details").path("condition").asString()).isEqualTo("FULL");
        assertThat(disk.path("details").path("detail").asString()).contains("no room", "507");
        assertThat(readiness.text()).doesNotContain(directory.toString());
    }

    @Test
    void a_full_node_blocks_no_other_learns_of_deletions_and_catches_up_later() {
        try (LocalNodes ring = LocalNodes.start(directory, 3)) {
            ring.api(0).put("/files/deleted", Api.randomBytes(1_000_000)).assertStatus(201);
            LocalNodes.patiently().untilAsserted(() -> assertThat(names(ring.api(1))).containsExactly("deleted"));
            ring.node(1).close();
            ring.api(0).put("/files/new", "new").assertStatus(201);
            ring.api(0).delete("/files/deleted").assertStatus(204);

            ring.node(1).start(FULL);
            ring.awaitServing();

            LocalNodes.patiently().untilAsserted(() -> assertThat(names(ring.api(1))).isEmpty());
            useEveryNode(ring);
            ring.node(1).close();
            ring.node(1).start();
            LocalNodes.patiently().untilAsserted(() -> {
                assertThat(names(ring.api(1))).hasSize(10).isEqualTo(names(ring.api(0)));
                for (String name : names(ring.api(1))) {
                    assertThat(holders(ring.api(0), name)).as(name).contains(ring.node(1).address());
                }
            });
        }
    }

    private static void useEveryNode(LocalNodes ring) {
        byte[] large = Api.randomBytes(5_000_000);
        for (int i = 0; i < 3; i++) {
            for (String copies : new String[] {"all", "3", "7"}) {
                String name = "/files/from-" + i + "-" + copies;
                ring.api(i).put(name + "?copies=" + copies, "small").assertStatus(201);
                ring.apis().forEach(node -> assertThat(node.get(name).assertStatus(200).text()).isEqualTo("small"));
            }
            String name = "/files/large-from-" + i;
            ring.api(i).put(name, large).assertStatus(201);
            ring.apis().forEach(node -> assertThat(node.get(name).assertStatus(200).body()).isEqualTo(large));
            String deleted = "/files/from-" + i + "-all";
            ring.api(i).delete(deleted).assertStatus(204);
            ring.apis().forEach(node -> node.get(deleted).assertProblem(404));
        }
    }

    private static List<String> names(Api api) {
        return api.get("/files").assertStatus(200).json().path("files").valueStream()
                .map(file -> file.path("name").asString()).toList();
    }

    private static List<String> holders(Api api, String name) {
        return api.get("/locations/" + name).assertStatus(200).json().path("holders").valueStream()
                .map(holder -> holder.path("address").asString()).toList();
    }
}
