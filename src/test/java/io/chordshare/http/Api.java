package io.chordshare.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** Calls one node like a proper client. Targets are sent unchanged, so they must be encoded already. */
record Api(int port) {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).followRedirects(HttpClient.Redirect.NEVER).build();
    /** A hanging node fails a test instead of blocking all tests. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    String address() {
        return "http://127.0.0.1:" + port;
    }

    Reply get(String target, String... headers) {
        return send("GET", target, BodyPublishers.noBody(), headers);
    }

    Reply head(String target, String... headers) {
        return send("HEAD", target, BodyPublishers.noBody(), headers);
    }

    Reply delete(String target, String... headers) {
        return send("DELETE", target, BodyPublishers.noBody(), headers);
    }

    Reply put(String target, byte[] body, String... headers) {
        return send("PUT", target, BodyPublishers.ofByteArray(body), headers);
    }

    Reply put(String target, String body, String... headers) {
        return put(target, bytes(body), headers);
    }

    Reply post(String target, String body, String... headers) {
        return send("POST", target, BodyPublishers.ofString(body), headers);
    }

    Reply post(String target) {
        return send("POST", target, BodyPublishers.noBody());
    }

    Reply join(String address) {
        return join("/ring/join", "{\"address\":\"" + address + "\"}");
    }

    Reply join(String target, String json) {
        return post(target, json, "Content-Type: application/json");
    }

    /** @param headers each in the form {@code Name: value} */
    Reply send(String method, String target, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + target)).method(method, body)
                .timeout(PATIENCE);
        for (String header : headers) {
            String[] pair = header.split(":\\s*", 2);
            request.header(pair[0], pair[1]);
        }
        try {
            Reply reply = Reply.of(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
            KeptDocuments.check(method, target, reply.status());
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target + " at " + port + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Always the same bytes for the same size, without a pattern. */
    static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Encodes like {@code encodeURIComponent}. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
