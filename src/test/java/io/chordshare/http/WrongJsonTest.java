package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Unexpected JSON is a client error: it costs neither memory nor log lines. */
@ExtendWith(SharedRing.class)
class WrongJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";
    private static final String PEER = "{\"id\":\"" + ID + "\",\"address\":\"http://127.0.0.1:1\",\"incarnation\":1}";
    private static final int MEGABYTE = 1 << 20;

    /** A valid message for each endpoint that accepts JSON. */
    static final Map<String, String> MESSAGES = new LinkedHashMap<>();

    static {
        MESSAGES.put("POST /ring/join", "{\"address\":\"http://127.0.0.1:1\"}");
        MESSAGES.put("POST /ring/notify", "{\"candidate\":" + PEER + "}");
        MESSAGES.put("POST /peer/ping-for", "{\"peer\":" + PEER + ",\"patienceMillis\":10}");
        MESSAGES.put("POST /peer/meet", "{\"stranger\":" + PEER + "}");
        MESSAGES.put("POST /peer/join", "{\"joiner\":" + PEER + "}");
        MESSAGES.put("POST /peer/regroup", "{\"self\":" + PEER + ",\"ringIds\":[\"" + ID + "\"],\"waiting\":[" + PEER
                + "],\"begins\":false}");
        MESSAGES.put("POST /peer/spread", "{\"merged\":{\"ringIds\":[\"" + ID + "\"],\"contact\":" + PEER + "},"
                + "\"limit\":\"" + ID + "\"}");
        MESSAGES.put("POST /peer/states", "{\"keys\":[\"" + ID + "\"]}");
        MESSAGES.put("POST /peer/index", "{\"epoch\":\"e\",\"after\":0}");
        String view = "{\"ring\":\"r\",\"members\":[" + PEER + "],\"previous\":[" + PEER
                + "],\"slots\":[1],\"numbers\":[2]}";
        String ballot = "{\"round\":1,\"proposer\":\"p\"}";
        MESSAGES.put("POST /peer/slots/get", "{\"slots\":[1]}");
        MESSAGES.put("POST /peer/slots/prepare", "{\"groups\":[" + view + "],\"ballot\":" + ballot + "}");
        MESSAGES.put("POST /peer/slots/accept", "{\"groups\":[" + view + "],\"ballot\":" + ballot + "}");
        MESSAGES.put("POST /peer/slots/decided", "{\"groups\":[" + view + "]}");
        MESSAGES.put("POST /peer/slots/learn", "{\"groups\":[" + view + "]}");
        MESSAGES.put("POST /peer/slots/recover", "{\"groups\":[" + view + "],\"decided\":false}");
        MESSAGES.put("POST /peer/slots/leaving", "{\"node\":" + PEER + "}");
        MESSAGES.put("POST /peer/registers/read", "{\"key\":\"" + ID + "\",\"view\":1,\"withRecord\":true}");
        MESSAGES.put("POST /peer/registers/promise", "{\"key\":\"" + ID
                + "\",\"view\":1,\"version\":{\"counter\":1,\"writer\":\"w\"}}");
        MESSAGES.put("POST /peer/registers/write", "{\"record\":{\"key\":\"" + ID
                + "\",\"name\":\"n\",\"view\":0,\"version\":"
                + "{\"counter\":1,\"writer\":\"w\"},\"deleted\":false,\"size\":0,\"sha256\":\"" + "0".repeat(64) + "\","
                + "\"contentType\":\"text/plain\",\"modified\":\"2026-01-01T00:00:00Z\","
                + "\"copies\":\"all\",\"content\":{\"inline\":\"\"}},\"view\":1,\"sources\":[" + PEER + "]}");
        MESSAGES.put("POST /peer/registers/digests", "{\"slots\":[{\"slot\":1,\"number\":1}]}");
        MESSAGES.put("POST /peer/registers/list", "{\"slot\":1,\"after\":\"" + ID + "\"}");
        MESSAGES.put("POST /peer/registers/get", "{\"keys\":[\"" + ID + "\"]}");
    }

    private final LocalNode node;
    private final Api api;

    WrongJsonTest(LocalNodes ring) {
        this.node = ring.node(0);
        this.api = node.api();
    }

    static Stream<String> endpoints() {
        return MESSAGES.keySet().stream();
    }

    private Reply send(String endpoint, String json) {
        String[] parts = endpoint.split(" ");
        return api.send(parts[0], parts[1], BodyPublishers.ofString(json), "Content-Type: application/json");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void wrong_json_is_a_4xx_without_a_stack_trace_in_response_or_log(String endpoint) {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        try {
            for (String wrong : wrongsOf(MESSAGES.get(endpoint))) {
                Reply reply = send(endpoint, wrong);
                assertThat(reply.status()).as(endpoint + " " + wrong + ": " + reply.describe()).isLessThan(500);
                assertThat(reply.text()).as(endpoint + " " + wrong)
                        .doesNotContain("Exception", "\tat ", "io.chordshare", "tools.jackson", "java.");
                if (reply.status() >= 400) {
                    reply.assertProblem(reply.status());
                }
            }
        } finally {
            root.detachAppender(logged);
        }
        assertThat(List.copyOf(logged.list)).filteredOn(event -> event.getThrowableProxy() != null
                || event.getLoggerName().startsWith("io.chordshare.operations")).isEmpty();
        assertThat(node.status()).isEqualTo("MEMBER");
    }

    /** Each property missing, null and of each other type, at any depth; and values that are not objects. */
    private static List<String> wrongsOf(String right) {
        List<String> wrongs = new ArrayList<>(List.of("", " ", "{", "null", "[]", "{}", "0", "\"\"", "not json",
                right + "}", right + right, "[" + right + "]", right.substring(0, right.length() - 1),
                "{\"\u0000\":1}"));
        JsonNode whole = JSON.readTree(right);
        mutate(whole, whole, wrongs);
        assertThat(wrongs).hasSizeGreaterThan(25);
        return wrongs.stream().distinct().toList();
    }

    private static void mutate(JsonNode whole, JsonNode part, List<String> wrongs) {
        if (!(part instanceof ObjectNode object)) {
            if (part.isArray() && !part.isEmpty()) {
                mutate(whole, part.get(0), wrongs);
            }
            return;
        }
        for (String name : List.copyOf(object.propertyNames())) {
            JsonNode before = object.remove(name);
            wrongs.add(whole.toString());
            for (String other : List.of("null", "true", "-1", "1.5", "9223372036854775807", "1e400", "\"\"", "\"x\"",
                    "\"\\u001b[2J\\n\"", "[]", "[null]", "[[[]]]", "{}", "{\"x\":null}")) {
                object.set(name, JSON.readTree(other));
                wrongs.add(whole.toString());
            }
            object.set(name, before);
            mutate(whole, before, wrongs);
        }
    }

    static final Map<String, String> TOO_MUCH = new LinkedHashMap<>();

    static {
        TOO_MUCH.put("one text", "{\"address\":\"" + "a".repeat(20 * MEGABYTE) + "\"}");
        TOO_MUCH.put("a little more", " ".repeat(257 * 1024) + "{}");
        TOO_MUCH.put("what nobody reads", "{\"other\":[" + "{\"a\":1},".repeat(2 * MEGABYTE) + "1]}");
        TOO_MUCH.put("blanks", " ".repeat(20 * MEGABYTE) + "{}");
        TOO_MUCH.put("a list", "{\"keys\":[" + ("\"" + ID + "\",").repeat(MEGABYTE / 2) + "\"\"]}");
        TOO_MUCH.put("tokens", "{\"other\":[" + "1,".repeat(60_000) + "1]}");
        TOO_MUCH.put("depth", "{\"other\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        TOO_MUCH.put("a number", "{\"address\":" + "7".repeat(200_000) + "}");
        TOO_MUCH.put("a name", "{\"" + "a".repeat(200_000) + "\":1}");
    }

    static Stream<String> tooMuch() {
        return TOO_MUCH.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void too_much_json_is_a_413_for_every_declared_length(String kind) {
        byte[] json = Api.bytes(TOO_MUCH.get(kind));
        for (String target : List.of("/ring/join", "/peer/states")) {
            api.send("POST", target, BodyPublishers.ofByteArray(json), "Content-Type: application/json")
                    .assertProblem(413, "too-large");
            api.send("POST", target, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(json)),
                    "Content-Type: application/json").assertProblem(413, "too-large");
        }
        assertThat(node.status()).isEqualTo("MEMBER");
    }

    /** A new endpoint must be added to this test. */
    @Test
    void every_endpoint_with_json_is_tested() {
        List<String> described = Stream.of("public", "peer").flatMap(group ->
                api.get("/v3/api-docs/" + group).json().path("paths").properties().stream().flatMap(path ->
                        path.getValue().properties().stream()
                                .filter(operation -> operation.getValue().at("/requestBody/content")
                                .has("application/json"))
                                .map(operation -> operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())))
                .distinct().toList();
        assertThat(described).isNotEmpty().allSatisfy(endpoint -> assertThat(MESSAGES).containsKey(endpoint));
    }

    /** Nested more deeply than any response of a node, in a property that nobody reads. */
    @Test
    void the_responses_of_peers_have_the_same_limits() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String address = "http://127.0.0.1:" + peer.getAddress().getPort();
        AtomicReference<String> nested = new AtomicReference<>("[".repeat(50) + "]".repeat(50));
        peer.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            byte[] answer = Api.bytes("{\"id\":\"" + ID + "\",\"address\":\"" + address + "\",\"incarnation\":1,"
                    + "\"other\":" + nested.get() + "}");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        peer.start();
        try {
            api.join(address).assertProblem(502, "peer-failed");
            assertThat(asked).isNotEmpty().containsOnly("/ring/ping");
            nested.set("[]");
            api.join(address).assertProblem(502, "peer-failed");
            assertThat(asked).as("with a handshake that can be read").anyMatch(path -> !path.equals("/ring/ping"));
        } finally {
            peer.stop(0);
        }
        assertThat(node.status()).isEqualTo("MEMBER");
    }
}
