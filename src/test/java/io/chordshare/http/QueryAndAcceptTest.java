package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong query is refused before anything is done, and an Accept header never refuses a call. */
@ExtendWith(SharedRing.class)
class QueryAndAcceptTest {

    private static final String[] ENDPOINTS = {"GET /files", "GET /files/", "GET /files/query", "HEAD /files/query",
        "PUT /files/query", "DELETE /files/query", "POST /files", "GET /locations/query", "GET /ring",
        "GET /ring/nodes",
        "GET /ring/ping", "GET /ring/lookup", "GET /ring/lookup/" + "0".repeat(40), "POST /ring/join",
        "POST /ring/leave", "POST /ring/recover",
        "DELETE /ring/leave", "POST /ring/notify", "GET /peer/ping", "GET /peer/view", "POST /peer/states",
        "PUT /peer/blocks/" + "0".repeat(64), "GET /actuator", "GET /actuator/health", "GET /actuator/health/liveness",
        "GET /actuator/ring", "GET /actuator/metrics", "GET /actuator/metrics/jvm.memory.used",
        "GET /actuator/prometheus",
        "GET /v3/api-docs/public", "GET /v3/api-docs/swagger-config", "GET /swagger-ui.html",
        "GET /swagger-ui/index.html",
        "GET /nothing", "GET /error", "OPTIONS /files"};

    private final LocalNodes ring;
    private final Api api;
    private final RawClient raw;

    QueryAndAcceptTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
        this.raw = ring.node(0).raw();
    }

    /** Sent as ISO-8859-1: the last three are raw bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"prefix=%zz", "a=%", "%4", "a=1&b=%ff", "%C0%AF=1", "tag=%ED%A0%80", "a=%C3&b=%A9",
        "prefix=\u00ff", "\u00c3\u00a9", "name=a&\u0080"})
    void a_query_that_is_not_percent_encoded_is_refused_everywhere(String query) throws Exception {
        for (String endpoint : ENDPOINTS) {
            String head = endpoint + "?" + query
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            Reply reply = raw.exchange(head, new byte[0]);
            if (endpoint.startsWith("HEAD")) {
                reply.assertStatus(400);
            } else {
                assertThat(reply.status()).as("%s?%s: %s", endpoint, query, reply.describe()).isEqualTo(400);
                reply.assertProblem(400, "invalid-request");
            }
        }
        api.get("/files/query").assertProblem(404);
        assertThat(ring.node(0).status()).isEqualTo("MEMBER");
    }

    /** Tomcat checks only the rest of a path. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /files/a;x=%zz", "PUT /files/a;x=1%0index", "GET /locations/a;%",
            "POST /peer/;x=1%0index",
        "GET /ring;x=%zz/ping", "GET /actuator/health;%4"})
    void a_parameter_of_a_path_that_is_not_percent_encoded_is_refused(String line) throws Exception {
        Reply reply = raw.exchange(line
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                new byte[0]);
        reply.assertProblem(400, line.contains("/files/") || line.contains("/locations/") ? "invalid-name"
                : "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2Fb", "readiness%2f", "server:%2Fx"})
    void a_slash_in_the_name_of_a_health_indicator_is_not_found(String name) {
        api.get("/actuator/health/" + name).assertProblem(404);
    }

    @Test
    void unreadable_parameters_in_a_body_are_refused() {
        String form = "Content-Type: application/x-www-form-urlencoded";
        api.post("/ring/leave", "wait=%zz", form).assertProblem(400);
        api.post("/ring/leave", "force=%ff", form).assertProblem(400);
        assertThat(ring.node(0).status()).isEqualTo("MEMBER");
    }

    @Test
    void too_many_parameters_are_refused() {
        String query = IntStream.range(0, 1_500).mapToObj(i -> "a" + i).collect(Collectors.joining("&"));
        api.get("/files?" + query).assertProblem(400);
        api.get("/actuator/health?" + query).assertProblem(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/png", "application/xml", "application/yaml", "nonsense", "a/b/c",
            "*/*;q=0",
        "text/html, application/json;q=0"})
    void an_accept_header_never_changes_the_status_of_a_call(String accept) {
        String header = "Accept: " + accept;
        String name = "/files/accept/" + Api.encode(accept).replace("%2F", "-");
        assertJson(api.put(name, "body", header), 201);
        assertJson(api.put(name, "body again", header), 200);
        assertThat(ring.api(1).get(name, header).assertStatus(200).text()).isEqualTo("body again");
        assertJson(api.send("POST", "/files",
                BodyPublishers.ofByteArray(form(name.substring("/files/".length()) + ".txt")),
                "Content-Type: multipart/form-data; boundary=b", header), 201);
        assertJson(api.delete("/ring/leave", header), 200);
        assertJson(api.get("/files?prefix=accept/", header), 200);
        assertJson(api.get("/locations/" + name.substring("/files/".length()), header), 200);
        assertJson(api.get("/ring", header), 200);
        api.put(name + "?copies=zero", "body", header).assertProblem(400);
        api.delete(name, header).assertStatus(204);
    }

    @Test
    void joining_the_own_ring_ignores_the_accept_header() {
        assertJson(api.post("/ring/join", "{\"address\":\"" + ring.node(1).address() + "\"}",
                "Content-Type: application/json", "Accept: text/html"), 200);
    }

    @Test
    void documents_keep_their_own_formats() {
        assertThat(api.get("/v3/api-docs/public", "Accept: text/html").assertStatus(200).header("Content-Type"))
                .startsWith("application/json");
        assertThat(api.get("/actuator/prometheus").assertStatus(200).header("Content-Type")).startsWith("text/plain");
        assertThat(api.get("/actuator/prometheus", "Accept: application/openmetrics-text").assertStatus(200)
                .header("Content-Type")).startsWith("application/openmetrics-text");
        assertThat(api.get("/swagger-ui/index.html", "Accept: application/json").assertStatus(200)
                .header("Content-Type"))
                .startsWith("text/html");
    }

    @ParameterizedTest
    @ValueSource(strings = {",,,", "text/plain, ,*/*"})
    void an_invalid_accept_header_is_a_client_error_where_it_is_read(String accept) {
        api.get("/actuator/prometheus", "Accept: " + accept).assertProblem(400);
    }

    private static void assertJson(Reply reply, int status) {
        reply.assertStatus(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.json().isContainer()).isTrue();
    }

    private static byte[] form(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                + "\"\r\n\r\nx\r\n--b--\r\n")
                .getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
