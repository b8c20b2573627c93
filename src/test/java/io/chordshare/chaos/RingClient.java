package io.chordshare.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Uses one node as its users do, over HTTP. */
final class RingClient {

    private static final Duration POINTER = Duration.ofSeconds(10);
    /** The timeout for a file. */
    private static final Duration FILE = Duration.ofSeconds(60);
    private static final int MAX_PROBLEM = 600;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String name;
    private final String address;

    RingClient(String name, String address) {
        this.name = name;
        this.address = address;
    }

    /**
     * The result of a request for a file.
     *
     * @param status 0 without a complete answer
     * @param sha256 of the received bytes with a 200; otherwise empty
     * @param detail what went wrong; empty with a 200
     */
    record Answer(int status, String sha256, String detail) {

        boolean ok() {
            return status == 200;
        }

        boolean stored() {
            return status == 200 || status == 201;
        }
    }

    record Peer(String id, String address, long incarnation) {}

    record Finger(String start, Peer node) {}

    record Ring(String ringId, Peer self, String status, Peer predecessor, List<Peer> successors,
                List<Finger> fingers) {}

    record Location(Peer owner, List<Peer> ownerSet, List<Peer> holders, int missing, int wanted, String key) {}

    record Lookup(String key, Peer owner, int hops) {}

    /** Downloads a file. Hashes the bytes as they arrive and compares them with the ETag. */
    Answer get(String file) {
        MessageDigest digest = sha256();
        StringBuilder problem = new StringBuilder();
        HttpRequest request = request("/files/" + file, FILE).build();
        CompletableFuture<HttpResponse<Void>> sent = HTTP.sendAsync(request,
                info -> BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                    digest.update(bytes);
                    if (info.statusCode() != 200 && problem.length() < MAX_PROBLEM) {
                        problem.append(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
                    }
                })).apply(info));
        try {
            // the request's own timeout ends with the headers
            HttpResponse<Void> answer = sent.get(FILE.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                return new Answer(answer.statusCode(), "", problem.toString());
            }
            String hash = HexFormat.of().formatHex(digest.digest());
            String etag = answer.headers().firstValue("ETag").orElse("none");
            return etag.equals("\"" + hash + "\"") ? new Answer(200, hash, "")
                    : new Answer(0, hash, "TORN: ETag " + etag + " but the bytes have SHA-256 " + hash);
        } catch (TimeoutException e) {
            sent.cancel(true);
            return new Answer(0, "", "not all there after " + FILE);
        } catch (ExecutionException e) {
            return new Answer(0, "", String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "", "interrupted");
        }
    }

    /** @param copies {@code all} or a number */
    Answer put(String file, String copies, Supplier<InputStream> content) {
        BodyPublisher body = BodyPublishers.ofInputStream(content);
        return file(request("/files/" + file + "?copies=" + copies, FILE).PUT(body));
    }

    Answer delete(String file) {
        return file(request("/files/" + file, FILE).DELETE());
    }

    private static Answer file(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
            boolean good = answer.statusCode() / 100 == 2;
            return new Answer(answer.statusCode(), "", good ? "" : answer.body());
        } catch (IOException e) {
            return new Answer(0, "", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "", "interrupted");
        }
    }

    Ring ring() {
        return JSON.treeToValue(json("/ring"), Ring.class);
    }

    /** Empty while no node answers. */
    Optional<Ring> tryRing() {
        try {
            return Optional.of(ring());
        } catch (IllegalStateException notThere) {
            return Optional.empty();
        }
    }

    boolean isReady() {
        return isReady(POINTER);
    }

    boolean isReady(Duration within) {
        try {
            return send(request("/actuator/health/readiness", within)).statusCode() == 200;
        } catch (IllegalStateException notThere) {
            return false;
        }
    }

    /** Its readiness report, ready or not. */
    String readiness() {
        return send(request("/actuator/health/readiness", POINTER)).body();
    }

    Location locations(String file) {
        return JSON.treeToValue(json("/locations/" + file), Location.class);
    }

    Lookup lookup(String file) {
        return JSON.treeToValue(json("/ring/lookup?name=" + file), Lookup.class);
    }

    /** The ids of all nodes that it knows and that answer it. */
    List<String> nodes() {
        return json("/ring/nodes").valueStream().filter(node -> node.path("answers").asBoolean(false))
                .map(node -> node.path("id").asString()).toList();
    }

    HttpResponse<String> leave(Duration wait) {
        return send(request("/ring/leave?wait=" + wait.toSeconds() + "s", wait.plus(POINTER))
                .POST(BodyPublishers.noBody()));
    }

    HttpResponse<String> join(String member, Duration wait) {
        return send(request("/ring/join?wait=" + wait.toSeconds() + "s", wait.plus(POINTER))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"address\":\"" + member + "\"}")));
    }

    private JsonNode json(String path) {
        return JSON.readTree(body(path));
    }

    /** The body of its answer to a GET. */
    String body(String path) {
        HttpResponse<String> answer = send(request(path, POINTER));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(name + " answered " + answer.statusCode() + " to " + path + ": "
                    + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(name + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path, Duration limit) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(limit);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
