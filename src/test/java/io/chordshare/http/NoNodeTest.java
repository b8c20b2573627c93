package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joining a server that is not a node. */
@ExtendWith(SharedRing.class)
class NoNodeTest {

    private final LocalNode node;

    NoNodeTest(LocalNodes ring) {
        this.node = ring.node(0);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '!', value = {"200, text/html, <html>hello</html>", "404, text/html, <html>no</html>",
        "500, text/html, <html>no</html>", "200, application/json, {}", "200, application/json, []",
        "200, application/json, null", "200, application/json, {\"id\":5}", "200, text/plain, ok",
        "200, application/json, !{\"id\":\"zz\",\"address\":\"http://127.0.0.1:1\",\"incarnation\":1}!"})
    void joining_a_server_that_is_not_a_node_is_a_502(int status, String type, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(Api.bytes(body));
            exchange.close();
        });
        server.start();
        try {
            node.api().join("http://127.0.0.1:" + server.getAddress().getPort()).assertProblem(502, "peer-failed");
            assertThat(node.status()).isEqualTo("MEMBER");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void joining_a_silent_server_is_a_502_in_bounded_time() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            node.api().join("http://127.0.0.1:" + silent.getLocalPort()).assertProblem(502, "peer-failed");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }
}
