package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If a body ends early, nothing is stored and the old version stays. */
@ExtendWith(SharedRing.class)
class BrokenUploadTest {

    private static final int MIB = 1024 * 1024;
    /** Longer than a node needs to write something. */
    private static final Duration A_MOMENT = Duration.ofMillis(400);

    private final LocalNodes ring;
    private final Api api;
    private final RawClient raw;

    BrokenUploadTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
        this.raw = ring.node(0).raw();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 100_000, 5 * MIB})
    void a_body_shorter_than_announced_stores_nothing(int sent) throws Exception {
        String name = "/files/broken/short-" + sent;
        Reply reply = raw.exchange(raw.head("PUT", name, "Content-Length: " + (sent + 10)), Api.randomBytes(sent));
        assertRefusedOrCut(reply);
        assertNothingAt(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000, 5 * MIB})
    void a_chunked_body_without_its_end_stores_nothing(int sent) throws Exception {
        String name = "/files/broken/chunked-" + sent;
        assertRefusedOrCut(raw.exchange(raw.head("PUT", name, "Transfer-Encoding: chunked"), chunk(sent, sent)));
        assertNothingAt(name);
    }

    @Test
    void a_chunked_body_cut_within_a_chunk_stores_nothing() throws Exception {
        assertRefusedOrCut(raw.exchange(raw.head("PUT", "/files/broken/cut", "Transfer-Encoding: chunked"),
                chunk(1000, 500)));
        assertNothingAt("/files/broken/cut");
    }

    @Test
    void invalid_chunks_store_nothing() throws Exception {
        Reply reply = raw.exchange(raw.head("PUT", "/files/broken/no-chunks", "Transfer-Encoding: chunked"),
                Api.bytes("zz\r\nbody\r\n0\r\n\r\n"));
        reply.assertProblem(400);
        assertNothingAt("/files/broken/no-chunks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9000000", "Transfer-Encoding: chunked"})
    void a_client_that_disconnects_leaves_nothing(String framing) throws Exception {
        String name = "/files/broken/gone-" + framing.charAt(0);
        byte[] body = framing.startsWith("T") ? chunk(5 * MIB, 5 * MIB) : Api.randomBytes(5 * MIB);
        raw.abandon(raw.head("PUT", name, framing), body);
        assertNothingAt(name);
    }

    @Test
    void a_broken_replacement_leaves_the_old_version() throws Exception {
        byte[] old = Api.randomBytes(70_000);
        api.put("/files/broken/kept", old).assertStatus(201);

        raw.abandon(raw.head("PUT", "/files/broken/kept", "Content-Length: 9000000"), Api.randomBytes(5 * MIB));
        assertRefusedOrCut(raw.exchange(raw.head("PUT", "/files/broken/kept", "Content-Length: 20"),
                Api.bytes("short")));
        assertRefusedOrCut(raw.exchange(raw.head("PUT", "/files/broken/kept", "Transfer-Encoding: chunked"),
                chunk(9, 5)));

        await().during(A_MOMENT).atMost(Duration.ofSeconds(10)).untilAsserted(() -> ring.apis().forEach(node ->
                assertThat(node.get("/files/broken/kept").assertStatus(200).body()).isEqualTo(old)));
    }

    @Test
    void the_blocks_of_a_broken_upload_do_not_harm_a_later_one_with_the_same_bytes() throws Exception {
        byte[] bytes = Api.randomBytes(6 * MIB);
        for (int i = 0; i < 3; i++) {
            raw.abandon(raw.head("PUT", "/files/broken/same", "Content-Length: 9000000"), bytes);
            api.put("/files/broken/same-" + i, bytes).assertStatus(201);
            raw.abandon(raw.head("PUT", "/files/broken/same", "Content-Length: 9000000"), bytes);
            ring.apis().forEach(node -> assertThat(node.get("/files/broken/same").status()).isEqualTo(404));
        }
        for (int i = 0; i < 3; i++) {
            String name = "/files/broken/same-" + i;
            ring.apis().forEach(node -> assertThat(node.get(name).assertStatus(200).body()).isEqualTo(bytes));
        }
    }

    private void assertNothingAt(String name) {
        await().during(A_MOMENT).atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> ring.apis().forEach(node -> node.get(name).assertProblem(404)));
    }

    /** The client may get an error, if it still listens. It never gets a success. */
    private static void assertRefusedOrCut(Reply reply) {
        if (reply.status() != 0) {
            reply.assertProblem(400);
        }
    }

    private static byte[] chunk(int announced, int sent) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(Api.bytes(Integer.toHexString(announced) + "\r\n"));
        chunk.writeBytes(Api.randomBytes(sent));
        if (announced == sent) {
            chunk.writeBytes(Api.bytes("\r\n"));
        }
        return chunk.toByteArray();
    }
}
