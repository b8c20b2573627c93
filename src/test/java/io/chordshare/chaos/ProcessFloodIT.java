package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile clients against one process with -Xmx96m, which exits when it runs out of memory. */
class ProcessFloodIT {

    private static final int HALF_SENT = 1_500;
    private static final int IDLE = 1_500;
    private static final int JSON = 400;
    private static final int LARGE_JSON = 16;
    /** As objects, these take more than ten times as much memory. */
    private static final String TEXTS = "\"a\",".repeat(62_000);
    private static final int MEGABYTE = 1 << 20;
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration OPEN_WITHIN = Duration.ofSeconds(30);

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    @Test
    void a_node_answers_its_probes_in_a_flood_of_half_sent_and_idle_connections_and_all_is_normal_afterwards()
            throws IOException {
        ProcessNode node = ring.of(1).getFirst();
        assertServes(node, "before");
        try (Flood flood = new Flood(node)) {
            flood.open(HALF_SENT, "GET /ring HTTP/1.1\r\nHost: loc", 0);
            assertProbed(node);
            flood.open(IDLE, "", 0);
            assertProbed(node);
        }
        await().atMost(AT_ONCE).ignoreExceptions().untilAsserted(() -> assertServes(node, "after"));
        assertQuiet(node);
    }

    /**
     * Few bytes can become many small objects: many endless requests with 250 KB of short texts each, and one of 20 MB.
     */
    @Test
    void json_that_never_ends_and_json_that_is_too_large_end_no_node() throws IOException {
        ProcessNode node = ring.of(1).getFirst();
        assertServes(node, "before");
        String head = "POST /peer/states HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String more = "{\"keys\":[" + TEXTS;
        try (Flood flood = new Flood(node)) {
            flood.open(JSON, head + "Content-Length: " + (more.length() + 1) + "\r\n\r\n" + more, 0);
            assertProbed(node);
            flood.open(LARGE_JSON, head.replace("/peer/states", "/ring/join") + "Transfer-Encoding: chunked\r\n\r\n",
                    20 * MEGABYTE / TEXTS.length());
            assertProbed(node);
        }
        await().atMost(AT_ONCE).ignoreExceptions().untilAsserted(() -> assertServes(node, "after"));
        assertQuiet(node);
    }

    private static void assertProbed(ProcessNode node) {
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            assertThat(node.client.isReady()).as(node.tail()).isTrue();
            assertThat(node.client.body("/ring/ping")).contains("incarnation");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
        }
    }

    private static void assertServes(ProcessNode node, String name) {
        byte[] bytes = new byte[3 * MEGABYTE];
        assertThat(node.client.put(name, "all", () -> new ByteArrayInputStream(bytes)).stored()).isTrue();
        assertThat(node.client.get(name).ok()).isTrue();
        assertThat(node.client.get("before").ok()).isTrue();
    }

    private static void assertQuiet(ProcessNode node) throws IOException {
        assertThat(node.isRunning()).isTrue();
        assertThat(Files.readString(node.log())).doesNotContain("\tat ", "OutOfMemoryError");
    }

    /** Connections that send something, and then neither read nor send. */
    private static final class Flood implements AutoCloseable {

        private final InetSocketAddress address;
        private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

        private Flood(ProcessNode node) {
            URI uri = URI.create(node.address());
            address = new InetSocketAddress(uri.getHost(), uri.getPort());
        }

        /** @param chunks of texts that follow */
        void open(int count, String first, int chunks) {
            byte[] bytes = first.getBytes(StandardCharsets.ISO_8859_1);
            byte[] chunk = (Integer.toHexString(TEXTS.length()) + "\r\n" + TEXTS + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            AtomicInteger tried = new AtomicInteger();
            for (int i = 0; i < count; i++) {
                Thread.ofVirtual().start(() -> {
                    Socket socket = new Socket();
                    sockets.add(socket);
                    connect(socket);
                    tried.incrementAndGet();
                    send(socket, bytes, chunk, chunks);
                });
            }
            await().atMost(OPEN_WITHIN).until(() -> tried.get() == count);
        }

        private void connect(Socket socket) {
            try {
                socket.connect(address, (int) OPEN_WITHIN.toMillis());
            } catch (IOException e) {
                // the accept queue is full; the other connections remain
            }
        }

        private static void send(Socket socket, byte[] first, byte[] chunk, int chunks) {
            try {
                socket.getOutputStream().write(first);
                for (int i = 0; i < chunks; i++) {
                    socket.getOutputStream().write(chunk);
                }
            } catch (IOException e) {
                // the node may close it at any time: that is how it survives
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
