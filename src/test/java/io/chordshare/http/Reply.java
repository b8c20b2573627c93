package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A response of a node.
 *
 * @param headers by name, case-insensitive; repeated headers are joined by commas
 */
record Reply(int status, Map<String, String> headers, byte[] body) {

    private static final JsonMapper JSON = new JsonMapper();

    static Reply of(HttpResponse<byte[]> response) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        return new Reply(response.statusCode(), headers, response.body());
    }

    /** Empty if there is none. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return JSON.readTree(body);
    }

    Reply assertStatus(int expected) {
        assertThat(status).as(this::describe).isEqualTo(expected);
        return this;
    }

    /**
     * Asserts that this is a problem with everything that RFC 9457 and api.md require, and shows no internals of the
     * server.
     */
    Reply assertProblem(int expected) {
        assertStatus(expected);
        assertThat(header("Content-Type")).as(this::describe).isEqualTo("application/problem+json");
        assertThat(text()).doesNotContainIgnoringCase("<html").doesNotContain("io.chordshare", "springframework",
                "org.apache", "java.", "jakarta.", "Exception", "\tat ");
        JsonNode problem = json();
        assertThat(problem.path("type").asString("")).as(this::describe).startsWith("urn:chordshare:problem:");
        assertThat(problem.path("title").asString("")).as(this::describe).isNotBlank();
        assertThat(problem.path("detail").asString("")).as(this::describe).isNotBlank();
        assertThat(problem.path("status").asInt()).as(this::describe).isEqualTo(expected);
        return this;
    }

    Reply assertProblem(int expected, String type) {
        assertProblem(expected);
        assertThat(json().path("type").asString()).isEqualTo("urn:chordshare:problem:" + type);
        return this;
    }

    /** Short enough for the message of a failed test. */
    String describe() {
        String text = text();
        return status + " " + headers + " " + text.substring(0, Math.min(text.length(), 500));
    }
}
