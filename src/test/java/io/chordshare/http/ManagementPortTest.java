package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An actuator with a separate port, of a node behind a TLS proxy. */
class ManagementPortTest {

    private static final List<String> PATHS =
            List.of("/actuator/ring", "/actuator/prometheus", "/actuator", "/actuator/nothing", "/");

    @TempDir
    private static Path directory;
    private static LocalNode node;
    private static Api management;
    private static RawClient raw;

    @BeforeAll
    static void start() {
        int port = LocalNode.freePort();
        node = new LocalNode(directory, "--management.server.port=" + port, "--management.server.address=127.0.0.1",
                "--chordshare.security.trusted-proxies=127.0.0.1").start();
        management = new Api(port);
        raw = new RawClient(port);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Reply get(String target, String host, String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return raw.exchange("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + more
                + "\r\n",
                new byte[0]);
    }

    @Test
    void the_actuator_answers_only_at_its_own_port() throws IOException {
        management.get("/actuator/ring").assertStatus(200);
        node.api().get("/actuator/ring").assertProblem(404);
        get("/files", "localhost").assertStatus(404);
    }

    @Test
    void a_foreign_host_is_misdirected_except_for_health() throws IOException {
        for (String path : PATHS) {
            assertNeverFramed(get(path, "evil.example").assertProblem(421, "misdirected"));
        }
        get("/actuator/health/readiness", "10.244.0.5:9000").assertStatus(200);
    }

    @Test
    void a_foreign_page_changes_nothing() {
        management.post("/actuator/ring", "{}", "Content-Type: application/json", "Origin: https://evil.example")
                .assertProblem(403, "foreign-origin");
    }

    @Test
    void no_response_may_be_shown_in_a_frame() throws IOException {
        for (String path : PATHS) {
            assertNeverFramed(management.get(path));
        }
        assertNeverFramed(raw.send("GET", "/actuator/%00", "").assertProblem(400));
    }

    private static void assertNeverFramed(Reply reply) {
        assertThat(reply.header("X-Frame-Options")).as(reply.describe()).isEqualTo("DENY");
        assertThat(reply.header("Content-Security-Policy")).as(reply.describe()).contains("frame-ancestors 'none'");
        assertThat(reply.header("X-Content-Type-Options")).as(reply.describe()).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "a=%", "%C0%AF=1", "tag=%ED%A0%80", "\u00ff"})
    void a_query_that_is_not_percent_encoded_is_refused(String query) throws IOException {
        for (String path : List.of("/actuator", "/actuator/health", "/actuator/ring",
                "/actuator/metrics/jvm.memory.used",
                "/actuator/prometheus", "/nothing")) {
            get(path + "?" + query, "localhost").assertProblem(400, "invalid-request");
        }
    }

    @Test
    void an_unknown_address_is_a_problem_too() {
        management.get("/actuator/nothing").assertProblem(404, "not-found");
        management.get("/nothing", "Accept: text/html").assertProblem(404, "not-found");
        management.post("/actuator/ring", "").assertProblem(405, "method-not-allowed");
    }

    @Test
    void a_forwarded_host_of_a_stranger_is_not_repeated() throws IOException {
        for (String header : List.of("X-Forwarded-Host: evil.example", "Forwarded: host=evil.example;proto=https")) {
            // From the address of the trusted proxy, which does not send such a header
            get("/actuator", "localhost", header).assertProblem(421);
        }
        assertThat(get("/actuator", "localhost", "X-Forwarded-Prefix: /evil", "X-Forwarded-Port: 666").text())
                .contains("http://localhost").doesNotContain("evil", "666");
    }

    @Test
    void own_pages_behind_a_trusted_tls_proxy_may_change_things() {
        String own = "Origin: https://localhost";
        node.api().put("/files/a", "a", own).assertProblem(403, "foreign-origin");
        node.api().put("/files/a", "a", own, "X-Forwarded-Proto: https", "X-Forwarded-Host: localhost")
                .assertStatus(201);
        node.api().put("/files/a", "a", "Origin: https://evil.example", "X-Forwarded-Proto: https",
                "X-Forwarded-Host: localhost").assertProblem(403, "foreign-origin");
    }

    @Test
    void a_node_without_a_separate_port_has_no_management_edge(@TempDir Path other) throws IOException {
        try (LocalNode one = new LocalNode(other).start()) {
            assertThat(one.webFolders()).containsExactlyInAnyOrder("node", "node-root");
        }
        assertThat(node.webFolders()).containsExactlyInAnyOrder("node", "node-root", "actuator", "actuator-root");
    }
}
