package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slow clients do not take the memory for bodies from other clients. */
class SharedMemoryTest {

    private static final int SLOW_CLIENTS = 50;
    private static final Duration A_BYTE_EVERY = Duration.ofMillis(300);
    /** More than a request may read before it asks for memory. */
    private static final int BEGUN_BYTES = 40_000;
    private static final Duration SMALL_WITHIN = Duration.ofSeconds(1);
    private static final Duration LARGE_WITHIN = Duration.ofSeconds(15);
    private static final String HOST = "Host: localhost\r\n";

    @TempDir
    private static Path directory;
    private static LocalNodes ring;

    @BeforeAll
    static void start() {
        // Memory for two blocks
        ring = LocalNodes.start(directory, 2, "--chordshare.files.buffer-budget=8MB");
    }

    @AfterAll
    static void stop() {
        ring.close();
    }

    private static Duration timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void uploads_are_not_slowed_down_by_fifty_slow_ones() throws Exception {
        Api api = ring.api(0);
        api.put("/files/warm", new byte[10]).assertStatus(201);
        byte[] large = Api.randomBytes(10 << 20);
        try (Clients slow = new Clients(ring.node(0).port()).open(SLOW_CLIENTS, "PUT /files/slow-# HTTP/1.1\r\n" + HOST
                + "Content-Length: 5000000\r\n\r\n" + "x".repeat(BEGUN_BYTES));
                Clients.Trickle trickle = slow.trickle(A_BYTE_EVERY, 1)) {
            LocalNodes.patiently().until(() -> uploadsUnderWay() >= SLOW_CLIENTS);

            assertThat(timed(() -> api.put("/files/small", new byte[10]).assertStatus(201))).isLessThan(SMALL_WITHIN);
            assertThat(timed(() -> api.put("/files/large", large).assertStatus(201))).isLessThan(LARGE_WITHIN);
        }
        assertThat(api.get("/files/large").assertStatus(200).body()).isEqualTo(large);
        api.get("/files/slow-0").assertProblem(404);
    }

    @Test
    void a_slow_upload_that_was_moved_to_disk_is_stored_completely() throws Exception {
        String half = "x".repeat(BEGUN_BYTES);
        try (Clients slow = new Clients(ring.node(0).port()).open(SLOW_CLIENTS, "PUT /files/halves-# HTTP/1.1\r\n"
                + HOST
                + "Connection: close\r\nContent-Length: " + 2 * BEGUN_BYTES + "\r\n\r\n" + half)) {
            LocalNodes.patiently().until(() -> uploadsUnderWay() >= SLOW_CLIENTS);
            slow.sendToAll("y".repeat(BEGUN_BYTES));
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                assertThat(slow.readAll(i)).startsWith("HTTP/1.1 201");
            }
        }
        for (int i = 0; i < SLOW_CLIENTS; i++) {
            assertThat(ring.api(1).get("/files/halves-" + i).assertStatus(200).text())
                    .isEqualTo(half + "y".repeat(BEGUN_BYTES));
        }
    }

    @Test
    void stalled_readers_do_not_block_other_readers() throws Exception {
        byte[] large = Api.randomBytes(12 << 20);
        ring.api(0).put("/files/alone?copies=1", large).assertStatus(201);
        // One of the two nodes must fetch it from the other
        for (LocalNode node : ring.all()) {
            try (Clients slow = new Clients(node.port()).open(4, "GET /files/alone HTTP/1.1\r\n" + HOST + "\r\n")) {
                LocalNodes.patiently().until(() -> runningRequests(node.api()) >= 4);
                assertThat(timed(() -> assertThat(node.api().get("/files/alone").assertStatus(200).body())
                        .isEqualTo(large))).isLessThan(LARGE_WITHIN);
            }
        }
    }

    private static long uploadsUnderWay() {
        return runningRequests(ring.api(0));
    }

    /** Not counting this request: requests of operators are not counted. */
    private static long runningRequests(Api api) {
        return api.get("/actuator/metrics/chordshare.requests.running").assertStatus(200).json()
                .at("/measurements/0/value").asLong();
    }
}
