package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Web pages cannot misuse a node that listens on loopback. */
@ExtendWith(SharedRing.class)
class BrowserRulesTest {

    private final LocalNode node;
    private final Api api;

    BrowserRulesTest(LocalNodes ring) {
        this.node = ring.node(0);
        this.api = node.api();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8081", "127.0.0.1.evil.example", "localhost.evil.example",
            "10.0.0.1",
        "a b", "[::2]"})
    void a_foreign_host_is_misdirected(String host) throws Exception {
        for (String request : new String[] {"GET /files", "GET /ring", "PUT /files/browser/host",
                "DELETE /files/browser/host",
            "GET /actuator", "GET /actuator/ring", "POST /actuator/health", "GET /peer/state", "GET /swagger-ui.html",
                    "GET /v3/api-docs/public"}) {
            node.raw().exchange(request + " HTTP/1.1\r\nHost: " + host
                    + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                    new byte[0]).assertStatus(host.contains(" ") ? 400 : 421).assertProblem(host.contains(" ") ? 400
                    : 421);
        }
        api.get("/files/browser/host").assertProblem(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.244.0.5:8081", "[fd00::5]:8081", "evil.example"})
    void health_probes_may_use_every_host(String host) throws Exception {
        for (String path : new String[] {"/actuator/health", "/actuator/health/liveness",
                "/actuator/health/readiness"}) {
            Reply reply = node.raw().exchange("GET " + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nConnection: close\r\n\r\n",
                    new byte[0]).assertStatus(200);
            assertThat(reply.json().path("status").asString()).isEqualTo("UP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]", "127.9.9.9"})
    void every_name_of_loopback_is_accepted(String host) throws Exception {
        node.raw().exchange("GET /ring HTTP/1.1\r\nHost: " + host + ":" + node.port() + "\r\nConnection: close\r\n\r\n",
                new byte[0]).assertStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://evil.example", "Origin: null", "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site"})
    void a_foreign_page_changes_nothing(String header) {
        api.put("/files/browser/kept", "kept");
        api.put("/files/browser/kept", "changed", header).assertProblem(403, "foreign-origin");
        api.put("/files/browser/new", "new", header).assertProblem(403);
        api.delete("/files/browser/kept", header).assertProblem(403);
        api.post("/files", "x", header, "Content-Type: multipart/form-data; boundary=x").assertProblem(403);
        api.post("/ring/leave", "", header).assertProblem(403);
        api.post("/ring/join", "{\"address\":\"http://127.0.0.1:1\"}", header, "Content-Type: application/json")
                .assertProblem(403);
        assertThat(api.get("/files/browser/kept").text()).isEqualTo("kept");
        api.get("/files/browser/new").assertProblem(404);
        assertThat(node.status()).isEqualTo("MEMBER");
    }

    @Test
    void a_foreign_page_cannot_read_a_response() {
        for (String target : new String[] {"/files", "/ring", "/ring/nodes"}) {
            Reply reply = api.get(target, "Origin: https://evil.example").assertStatus(200);
            assertThat(reply.headers().keySet()).noneMatch(name -> name.toLowerCase().startsWith("access-control-"));
        }
    }

    @Test
    void no_response_may_be_shown_in_a_frame() throws Exception {
        api.put("/files/browser/framed", "<h1>framed</h1>", "Content-Type: text/html").assertStatus(201);
        for (String target : new String[] {"/", "/swagger-ui.html", "/swagger-ui/index.html", "/v3/api-docs/public",
                "/files",
            "/files/browser/framed", "/files/browser/none", "/ring", "/ring/ping", "/peer/neighbours", "/nothing",
            "/actuator/health", "/actuator/nothing", "/files/a%00b", "/files?limit=%zz", "/ring/lookup/xyz"}) {
            assertNeverFramed(node.raw().send("GET", target, ""));
        }
        assertNeverFramed(api.put("/files/browser/framed", "x", "Origin: https://evil.example").assertProblem(403));
        assertNeverFramed(node.raw().send("G@T", "/", "").assertProblem(400));
    }

    private static void assertNeverFramed(Reply reply) {
        assertThat(reply.header("X-Frame-Options")).as(reply.describe()).isEqualTo("DENY");
        assertThat(reply.header("Content-Security-Policy")).as(reply.describe()).contains("frame-ancestors 'none'");
        assertThat(reply.header("X-Content-Type-Options")).as(reply.describe()).isEqualTo("nosniff");
    }

    @Test
    void a_preflight_allows_nothing() {
        Reply reply = api.send("OPTIONS", "/files/browser/kept", BodyPublishers.noBody(),
                "Origin: https://evil.example", "Access-Control-Request-Method: PUT");
        reply.assertProblem(403);
        assertThat(reply.headers().keySet()).noneMatch(name -> name.toLowerCase().startsWith("access-control-"));
    }

    @Test
    void an_own_page_may_change_files() {
        String own = "Origin: " + api.address();
        api.put("/files/browser/own", "own", own, "Sec-Fetch-Site: same-origin").assertStatus(201);
        api.delete("/files/browser/own", own, "Sec-Fetch-Site: same-origin").assertStatus(204);
    }

    @Test
    void a_call_with_json_needs_the_json_content_type() {
        String json = "{\"address\":\"http://127.0.0.1:1\"}";
        api.post("/ring/join", json, "Content-Type: text/plain").assertProblem(415);
        api.post("/ring/join", json, "Content-Type: application/x-www-form-urlencoded").assertProblem(415);
        api.post("/ring/join", json).assertProblem(415);
        api.post("/ring/notify", "{}", "Content-Type: text/plain").assertProblem(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing/here", "/ring/nothing", "/peer/nothing", "/ringx"})
    void an_unknown_address_is_a_problem_too(String target) {
        api.get(target).assertProblem(404);
    }

    @Test
    void a_wrong_method_is_a_problem_too() {
        api.post("/ring", "").assertProblem(405);
        api.put("/ring/nodes", "").assertProblem(405);
        assertThat(api.delete("/files").status()).isIn(400, 405);
        api.post("/locations/x", "").assertProblem(405);
    }
}
