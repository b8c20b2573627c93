package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send or read too slowly or not at all. */
class SlowClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration A_BYTE_EVERY = Duration.ofMillis(150);
    /** The rest of a body may pause for this time after the response. */
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final Duration MARGIN = Duration.ofSeconds(8);
    private static final String HOST = "Host: localhost\r\n";
    private static final String PUT = "PUT /files/slow-# HTTP/1.1\r\n" + HOST;

    @TempDir
    private static Path directory;
    private static LocalNodes one;

    @BeforeAll
    static void start() {
        one = LocalNodes.start(directory, 1, "--chordshare.connections.patience=" + PATIENCE.toMillis() + "ms",
                "--chordshare.connections.head-within=" + PATIENCE.toMillis() + "ms",
                "--chordshare.connections.read-within=" + PATIENCE.toMillis() + "ms");
    }

    @AfterAll
    static void stop() {
        one.close();
    }

    private static int port() {
        return one.node(0).port();
    }

    /** A body with a length, a chunked body, a form, JSON of a user and JSON of a peer. */
    private static final List<String> BODIES = List.of(PUT + "Content-Length: 5000\r\n\r\n",
            PUT + "Transfer-Encoding: chunked\r\n\r\n1000\r\n",
            "POST /files HTTP/1.1\r\n" + HOST
            + "Content-Type: multipart/form-data; boundary=xx\r\nContent-Length: 5000\r\n\r\n"
                    + "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"slow-0\"\r\n\r\n",
            "POST /ring/join HTTP/1.1\r\n" + HOST
                    + "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"address\":",
            "POST /peer/states HTTP/1.1\r\n" + HOST
                    + "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"keys\":");

    @Test
    void a_body_below_the_minimum_rate_gets_408_and_is_not_stored() throws Exception {
        long start = System.nanoTime();
        try (Clients slow = new Clients(port())) {
            for (String body : BODIES) {
                slow.open(1, body);
            }
            try (Clients.Trickle trickle = slow.trickle(A_BYTE_EVERY, 1)) {
                for (int i = 0; i < BODIES.size(); i++) {
                    assertTooSlow(slow.readProblem(i));
                }
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(PATIENCE, PATIENCE.plus(MARGIN));
        one.api(0).get("/files/slow-0").assertProblem(404);
    }

    @Test
    void a_stalled_body_gets_408_and_is_not_stored() throws Exception {
        long start = System.nanoTime();
        try (Clients slow = new Clients(port()).open(1, BODIES.get(0) + "some").open(1, BODIES.get(1) + "some")
                .open(1, PUT + "Content-Length: 5000000\r\n\r\n" + "x".repeat(100_000))) {
            for (int i = 0; i < 3; i++) {
                assertTooSlow(slow.readProblem(i));
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(PATIENCE, PATIENCE.plus(MARGIN));
        one.api(0).get("/files/slow-0").assertProblem(404);
    }

    private static void assertTooSlow(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 408").contains("urn:chordshare:problem:too-slow",
                "Send the request again");
    }

    @Test
    void a_connection_with_an_incomplete_head_is_closed() throws Exception {
        long start = System.nanoTime();
        try (Clients slow = new Clients(port()).open(1, "GET /ring HTTP/1.1\r\n" + HOST + "X-Long: ").open(1, "");
                Clients.Trickle trickle = slow.trickle(A_BYTE_EVERY, 1)) {
            assertThat(slow.readAll(0)).isEmpty();
            assertThat(slow.readAll(1)).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.plus(MARGIN));
    }

    @Test
    void the_node_does_not_wait_for_the_rest_of_a_refused_body() throws Exception {
        long start = System.nanoTime();
        try (Clients slow = new Clients(port()).open(1, "PUT /files/a?copies=x HTTP/1.1\r\n" + HOST
                + "Content-Length: 5000000\r\n\r\nsome"); Clients.Trickle trickle = slow.trickle(A_BYTE_EVERY, 1)) {
            assertThat(slow.readAll(0)).startsWith("HTTP/1.1 400");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LINGER.plus(MARGIN));
    }

    @Test
    void a_stalled_reader_is_cut_off() throws Exception {
        byte[] large = Api.randomBytes(30 << 20);
        one.api(0).put("/files/large", large).assertStatus(201);
        long start = System.nanoTime();
        try (Clients slow = new Clients(port()).open(1, "GET /files/large HTTP/1.1\r\n" + HOST + "\r\n")) {
            LocalNodes.patiently().until(() -> runningTransfers() == 1);
            LocalNodes.patiently().until(() -> runningTransfers() == 0);
            assertThat(slow.readBytes(0)).hasSizeLessThan(large.length);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.plus(MARGIN));
        assertThat(one.api(0).get("/files/large").assertStatus(200).body()).isEqualTo(large);
    }

    private static long runningTransfers() {
        return one.api(0).get("/actuator/metrics/chordshare.requests.running").assertStatus(200).json()
                .at("/measurements/0/value").asLong();
    }
}
