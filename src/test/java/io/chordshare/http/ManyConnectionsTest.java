package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More idle connections than a node accepts. */
class ManyConnectionsTest {

    private static final int LIMIT = 40;
    private static final int MANY = 4 * LIMIT;
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final String HOST = "Host: localhost\r\n";

    @TempDir
    private static Path directory;
    private static LocalNodes ring;

    @BeforeAll
    static void start() {
        ring = LocalNodes.start(directory, 2, "--server.tomcat.max-connections=" + LIMIT);
        ring.api(0).put("/files/before", "before").assertStatus(201);
    }

    @AfterAll
    static void stop() {
        ring.close();
    }

    private static int port() {
        return ring.node(0).port();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /ring HTTP/1.1\r\nHost: loc", "GET /actuator/health/liveness HTTP/1.1\r\n" + HOST
            + "\r\n",
        "PUT /files/many-# HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\nsome",
        "PUT /files/many-#?copies=x HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\nsome"})
    void users_peers_and_monitoring_are_served_despite_idle_connections(String first) throws Exception {
        try (Clients many = new Clients(port()).open(MANY, first)) {
            for (int round = 0; round < 3; round++) {
                long start = System.nanoTime();
                // Each request uses a new connection
                ring.node(0).raw().send("GET", "/actuator/health/readiness", "").assertStatus(200);
                ring.node(0).raw().send("GET", "/ring/ping", "").assertStatus(200);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
            }
            // The node gives idle requests a second
            LocalNodes.patiently().untilAsserted(() ->
                    ring.node(0).raw().send("GET", "/files/before", "").assertStatus(200));
            ring.awaitWhole();
        }
        String after = "after-" + System.nanoTime();
        LocalNodes.patiently().untilAsserted(() -> assertThat(ring.api(0).put("/files/after", after).status())
                .isIn(200, 201));
        assertThat(ring.api(1).get("/files/after").assertStatus(200).text()).isEqualTo(after);
    }

    @Test
    void too_many_user_requests_are_refused_and_peers_get_through() throws Exception {
        String upload = "PUT /files/many-# HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\n";
        try (Clients many = new Clients(port()).open(LIMIT - 7, upload);
                Clients.Trickle trickle = many.trickle(Duration.ofMillis(50), 200)) {
            LocalNodes.patiently().untilAsserted(() -> {
                many.openEnded(upload);
                assertThat(ring.api(0).get("/files/before").assertProblem(503, "busy").header("Retry-After"))
                        .isNotEmpty();
            });
            ring.api(0).get("/actuator/health/readiness").assertStatus(200);
            // The other node pings this one, as peers do
            assertThat(ring.api(1).get("/ring/nodes").assertStatus(200).json().valueStream()
                    .filter(node -> node.path("answers").asBoolean())).hasSize(2);
        }
        LocalNodes.patiently().untilAsserted(() ->
                assertThat(ring.api(0).get("/files/before").assertStatus(200).text()).isEqualTo("before"));
    }

    @Test
    void an_actuator_with_a_separate_port_answers_despite_idle_connections() throws Exception {
        int management = LocalNode.freePort();
        try (LocalNode node = new LocalNode(directory, "--management.server.port=" + management,
                "--management.server.address=127.0.0.1").start();
                Clients many = new Clients(management).open(MANY, "GET /actuator/health HTTP/1.1\r\nHost: loc")) {
            LocalNodes.patiently().untilAsserted(() -> new RawClient(management).send("GET", "/actuator/health", "")
                    .assertStatus(200));
            assertThat(node.api().get("/files/before").status()).isEqualTo(404);
        }
    }
}
