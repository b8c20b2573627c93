package io.chordshare.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;
import tools.jackson.databind.JsonNode;

/**
 * Generates requests for every operation of the node's OpenAPI documents: valid ones, and ones with up to three
 * mistakes. New operations are included automatically. Each request depends only on the seed and its number, except for
 * the ids and addresses of the current ring.
 */
final class FuzzRequests {

    private static final int GENERATION_SIZE = 1000;
    private static final int MOST_MISTAKES = 3;
    /** Requests outside the documents, which people and machines send. */
    private static final List<String> BESIDES = List.of("GET /", "GET /console", "GET /actuator",
            "GET /actuator/health",
            "GET /actuator/health/readiness", "GET /actuator/ring", "GET /actuator/metrics/jvm.memory.used",
            "GET /actuator/prometheus", "GET /v3/api-docs/public",
            "GET /v3/api-docs/swagger-config", "GET /swagger-ui.html", "GET /error", "GET /favicon.ico",
            "OPTIONS /files",
            "GET /nothing/here");
    private static final String CRLF = "\r\n";
    /** Only these methods may name a file that must stay unchanged. */
    private static final List<String> READS = List.of("GET", "HEAD", "OPTIONS");
    /** The folder of files that no request may change. */
    static final String KEPT = "kept";

    private final FuzzValues values;
    private final List<String> names = new ArrayList<>();
    private final RandomGenerator<FuzzRequest> generator;
    private final long seed;

    /** @param documents the OpenAPI documents of all groups */
    FuzzRequests(Collection<JsonNode> documents, FuzzValues values, long seed) {
        this.values = values;
        this.seed = seed;
        List<Arbitrary<FuzzRequest>> operations = new ArrayList<>();
        for (JsonNode document : documents) {
            FuzzSchema schema = new FuzzSchema(document, values);
            document.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
                names.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                operations.add(request(names.getLast(), operation.getValue(), schema));
            }));
        }
        operations.add(Arbitraries.of(BESIDES).map(this::plain));
        Arbitrary<FuzzMistakes.Mistake> mistakes = Combinators.combine(Arbitraries.of(FuzzMistakes.Kind.values()),
                Arbitraries.longs(), values.nasty()).as(FuzzMistakes.Mistake::new);
        generator = Combinators.combine(Arbitraries.oneOf(operations),
                mistakes.list().ofMaxSize(MOST_MISTAKES), Arbitraries.integers().between(0, values.nodes() - 1))
                .as((right, wrong, node) -> made(right, wrong, node)).generator(GENERATION_SIZE);
    }

    /** Every operation of the documents. */
    List<String> operations() {
        return List.copyOf(names);
    }

    /** The same number always gives the same request. */
    FuzzRequest get(long number) {
        return generator.next(new Random(new SplittableRandom(seed + number * 0x9E3779B97F4A7C15L).nextLong()))
                .value();
    }

    private FuzzRequest made(FuzzRequest right, List<FuzzMistakes.Mistake> wrong, int node) {
        FuzzRequest request = new FuzzRequest(right.operation(), node, right.method(), right.target(), right.headers(),
                right.body(), right.framing(), true);
        for (FuzzMistakes.Mistake mistake : wrong) {
            request = mistake.in(request);
        }
        return request.target().contains("leave") ? ofOneThatMayLeave(request)
                : READS.contains(request.method()) ? request
                : request.withTarget(request.target().replace(KEPT, "fuzz"));
    }

    /** Only one node may be sent away, and without force. So two nodes and all files stay. */
    private FuzzRequest ofOneThatMayLeave(FuzzRequest request) {
        return new FuzzRequest(request.operation(), values.nodes() - 1, request.method(),
                request.target().replace("force", "forced"), request.headers(), request.body(), request.framing(),
                request.proper());
    }

    private FuzzRequest plain(String methodAndPath) {
        String[] parts = methodAndPath.split(" ");
        return new FuzzRequest(methodAndPath, 0, parts[0], parts[1], List.of(), new byte[0], "", true);
    }

    private record Part(String in, String name, String value) {}

    private record Body(String contentType, byte[] bytes) {}

    private Arbitrary<FuzzRequest> request(String name, JsonNode operation, FuzzSchema schema) {
        String method = name.substring(0, name.indexOf(' '));
        String path = name.substring(name.indexOf(' ') + 1);
        boolean writes = !List.of("GET", "HEAD").contains(method);
        Arbitrary<List<Part>> parts = Combinators.combine(operation.path("parameters").valueStream()
                .map(parameter -> part(parameter, writes, schema)).toList())
                .as(all -> all.stream().filter(part -> part.value() != null).toList());
        return Combinators.combine(parts, body(operation.path("requestBody").path("content"), schema),
                Arbitraries.of(true, false)).as((given, body, fitting) ->
                        request(name, method, path, fitting ? given.stream().map(part -> fitting(part,
                        body)).toList() : given, body));
    }

    /** Puts a block under its own hash. */
    private static Part fitting(Part part, Body body) {
        return part.name().equals("hash") && body.bytes().length > 0 ? new Part(part.in(), part.name(),
                FuzzValues.hashOf(body.bytes()))
                : part;
    }

    private static FuzzRequest request(String name, String method, String path, List<Part> parts, Body body) {
        String target = path;
        StringBuilder query = new StringBuilder();
        List<String> headers = new ArrayList<>();
        for (Part part : parts) {
            switch (part.in()) {
                case "path" -> target = target.replace("{" + part.name() + "}", FuzzRequest.encoded(part.value(),
                        true));
                case "query" -> query.append(query.isEmpty() ? '?' : '&').append(part.name()).append('=')
                        .append(FuzzRequest.encoded(part.value(), false));
                default -> headers.add(part.name() + ": " + FuzzRequest.raw(part.value()));
            }
        }
        if (!body.contentType().isEmpty()) {
            headers.add("Content-Type: " + body.contentType());
        }
        boolean none = body.bytes().length == 0 && List.of("GET", "HEAD", "DELETE").contains(method);
        return new FuzzRequest(name, 0, method, target + query, headers, body.bytes(),
                none ? "" : "Content-Length: " + body.bytes().length, true);
    }

    private Arbitrary<Part> part(JsonNode parameter, boolean writes, FuzzSchema schema) {
        String name = parameter.path("name").asString();
        String in = parameter.path("in").asString();
        Arbitrary<String> value = in.equals("header") ? header(name) : switch (name) {
            case "key" -> values.anyKey();
            case "id" -> values.id();
            case "download", "consistency" -> Arbitraries.of("", "any", "x");
            case "limit", "recent" -> Arbitraries.of("1", "10", "100000");
            case "trace", "merge" -> Arbitraries.of("true", "false");
            case "delimiter" -> Arbitraries.of("/", "x");
            default -> schema.text(name, writes);
        };
        boolean needed = parameter.path("required").asBoolean(false);
        return value.injectNull(needed ? 0 : 0.5).map(given -> new Part(in, name, given));
    }

    private Arbitrary<String> header(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "range" -> Arbitraries.of("bytes=0-0", "bytes=-5", "bytes=2-", "bytes=0-1,3-4", "bytes=9999999999-",
                    "x=1");
            case "if-match", "if-none-match" -> Arbitraries.oneOf(Arbitraries.of("*", "W/\"a\"", "\"\""),
                    values.hash().map(hash -> "\"" + hash + "\""));
            case "content-digest", "repr-digest" -> Arbitraries.of("sha-256=:AAAA:", "sha-512=:x:", "md5=:AAAA:",
                    "sha-256");
            case "last-event-id" -> Arbitraries.of("0", "5", "x");
            default -> values.nasty().map(text -> text.replaceAll("\\p{Cntrl}", ""));
        };
    }

    private Arbitrary<Body> body(JsonNode content, FuzzSchema schema) {
        List<Arbitrary<Body>> kinds = content.properties().stream().map(kind -> body(kind, schema)).toList();
        return kinds.isEmpty() ? Arbitraries.just(new Body("", new byte[0])) : Arbitraries.oneOf(kinds);
    }

    private Arbitrary<Body> body(Map.Entry<String, JsonNode> kind, FuzzSchema schema) {
        if (kind.getKey().contains("json")) {
            return Combinators.combine(schema.of(kind.getValue().path("schema")), Arbitraries.longs(),
                    Arbitraries.frequency(Tuple.of(2, false), Tuple.of(3, true))).as((message, salt, spoiled) ->
                    new Body(kind.getKey(), spoiled ? FuzzJson.spoil(message, new SplittableRandom(salt))
                            : FuzzJson.text(message)));
        }
        if (kind.getKey().startsWith("multipart/")) {
            return form();
        }
        return values.content().map(bytes -> new Body(kind.getKey(), bytes));
    }

    private Arbitrary<Body> form() {
        Arbitrary<String> fileName = Arbitraries.frequencyOf(Tuple.of(3, values.name()), Tuple.of(1, values.nasty()));
        Arbitrary<String> type = Arbitraries.of("text/plain", "", "x", "text/plain; charset=\"",
                "multipart/mixed; boundary=b");
        Arbitrary<String> field = Arbitraries.of("file", "file", "file", "other", "");
        Arbitrary<String> part = Combinators.combine(field, fileName, type, values.content()).as((name, file, kind,
                bytes) ->
                "--b" + CRLF + "Content-Disposition: form-data; name=\"" + name + "\"; filename=\""
                + FuzzRequest.raw(file)
                        + "\"" + CRLF + (kind.isEmpty() ? "" : "Content-Type: " + kind + CRLF) + CRLF
                        + new String(bytes, StandardCharsets.ISO_8859_1) + CRLF);
        return Combinators.combine(part.list().ofMaxSize(4), Arbitraries.of("--b--" + CRLF, "--b--" + CRLF, "", "--b"))
                .as((parts, end) -> new Body("multipart/form-data; boundary=b", Stream.concat(parts.stream(),
                        Stream.of(end)).reduce("", String::concat).getBytes(StandardCharsets.ISO_8859_1)));
    }
}
