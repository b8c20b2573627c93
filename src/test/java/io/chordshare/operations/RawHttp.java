package io.chordshare.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.problem.ProblemType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends exactly these bytes, which no proper client would send, and reads until the server closes the connection. */
public record RawHttp(int port) {

    /** A server that does not close fails the test instead of blocking it. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    /** Sends one request without a body on its own connection. */
    public Answer get(String target, String... headers) throws IOException {
        return send("GET", target, "", headers);
    }

    public Answer send(String method, String target, String body, String... headers) throws IOException {
        String all = String.join("", Arrays.stream(headers).map(header -> header + "\r\n").toList());
        return raw(method + " " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n" + all
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body);
    }

    public Answer raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return Answer.parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Asserts that the answer is a problem of this type and shows no internals of the server. */
    public static JsonNode assertProblem(Answer answer, ProblemType type) {
        assertThat(answer.headers().get("content-type")).as(answer.text()).isEqualTo("application/problem+json");
        assertThat(answer.text()).doesNotContainIgnoringCase("<html").doesNotContainIgnoringCase("tomcat")
                .doesNotContain("springframework", "java.", "Exception", "\tat ");
        JsonNode problem = answer.problem();
        assertThat(problem.path("type").asString()).as(answer.text()).isEqualTo(type.uri().toString());
        assertThat(problem.path("status").asInt()).isEqualTo(answer.status()).isEqualTo(type.status());
        assertThat(problem.path("title").asString()).isEqualTo(type.title());
        assertThat(problem.path("detail").asString()).isNotBlank();
        return problem;
    }

    /** @param headers by name in lower case */
    public record Answer(int status, Map<String, String> headers, String body, String text) {

        static Answer parse(String text) {
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new AssertionError("not an HTTP response: \"" + text + "\"");
            }
            String[] lines = text.substring(0, end).split("\r\n");
            Map<String, String> headers = Arrays.stream(lines).skip(1).map(line -> line.split(":", 2))
                    .collect(Collectors.toMap(pair -> pair[0].toLowerCase(Locale.ROOT), pair -> pair[1].strip(),
                            (one, other) -> one + ", " + other, TreeMap::new));
            return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4), text);
        }

        /** The problem details, even if Spring sent them in chunks. */
        public JsonNode problem() {
            return JSON.readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1));
        }
    }
}
