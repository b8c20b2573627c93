package io.chordshare.browser;

import static org.awaitility.Awaitility.await;

import io.chordshare.ChordshareApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Five real nodes with production settings: four in this JVM, and a fifth that runs from the jar in its own process and
 * can be killed.
 */
final class ConsoleRing implements AutoCloseable {

    static final int NODES = 5;

    /** On two cores that other tests use, too. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();

    private final Path directory;
    private final List<Integer> ports = new ArrayList<>();
    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    private @Nullable Process victim;

    ConsoleRing() {
        try {
            directory = Files.createTempDirectory("chordshare-console");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < NODES; i++) {
            ports.add(freePort());
        }
    }

    ConsoleRing start() {
        startVictim();
        for (int i = 0; i < NODES - 1; i++) {
            contexts.add(new SpringApplicationBuilder(ChordshareApplication.class).bannerMode(Banner.Mode.OFF)
                    .registerShutdownHook(false).run(settings(i).toArray(String[]::new)));
        }
        awaitWhole();
        return this;
    }

    private List<String> settings(int node) {
        // Each node has others as seeds, so the order of starting does not matter
        String seeds = ports.stream().filter(port -> !port.equals(ports.get(node))).limit(2)
                .map(port -> "http://127.0.0.1:" + port).collect(Collectors.joining(","));
        List<String> settings = new ArrayList<>(List.of("--server.port=" + ports.get(node),
                "--logging.level.root=error",
                "--chordshare.node.data-dir=" + directory.resolve("node" + (node + 1))));
        if (node > 0) {
            settings.add("--chordshare.node.seeds=" + seeds);
        }
        return settings;
    }

    /** The console of a node; the first is 0. */
    String url(int node) {
        return "http://127.0.0.1:" + ports.get(node);
    }

    String host(int node) {
        return "127.0.0.1:" + ports.get(node);
    }

    String id(int node) {
        return json(node, "/ring").path("self").path("id").asString();
    }

    // -- the node that can be killed --------------------------------------------------------------------------------

    static int victim() {
        return NODES - 1;
    }

    /** Kills the node, as when its machine loses power. */
    void killVictim() {
        Process process = victim;
        if (process != null) {
            process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    void startVictim() {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m", "-XX:TieredStopAtLevel=1", "-jar",
                System.getProperty("chordshare.jar", "target/chordshare.jar")));
        command.addAll(settings(victim()));
        try {
            victim = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(Path.of("target", "console-victim-"
                            + System.getProperty("chordshare.test.jvm", "jvm-1") + ".log").toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Restarts the nodes that a test stopped, and waits until all nodes see each other. */
    ConsoleRing makeWhole() {
        if (victim != null && !victim.isAlive()) {
            startVictim();
        }
        awaitWhole();
        return this;
    }

    private void awaitWhole() {
        await("a whole ring of " + ports).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).ignoreExceptions()
                .until(() -> ports.stream().allMatch(this::seesAll));
    }

    private boolean seesAll(int port) {
        int node = ports.indexOf(port);
        JsonNode nodes = json(node, "/ring/nodes");
        return nodes.size() == NODES && nodes.valueStream().allMatch(one -> one.path("answers").asBoolean())
                && json(node, "/ring").path("successors").size() == NODES - 1;
    }

    // -- files, without a browser -----------------------------------------------------------------------------------

    void put(String name, byte[] content, String contentType) {
        int status = send(0, HttpRequest.newBuilder(uri(0, "/files/" + encode(name)))
                .header("Content-Type", contentType).PUT(HttpRequest.BodyPublishers.ofByteArray(content))).statusCode();
        if (status != 200 && status != 201) {
            throw new IllegalStateException("PUT " + name + " was answered with " + status);
        }
    }

    void put(String name, String content, String contentType) {
        put(name, content.getBytes(StandardCharsets.UTF_8), contentType);
    }

    /** The content of a file at {@code node}; null if there is no such file. */
    byte @Nullable [] get(int node, String name) {
        HttpResponse<byte[]> response = send(node, HttpRequest.newBuilder(uri(node, "/files/" + encode(name))));
        return response.statusCode() == 404 ? null : response.body();
    }

    JsonNode json(int node, String target) {
        return JSON.readTree(send(node, HttpRequest.newBuilder(uri(node, target))).body());
    }

    private URI uri(int node, String target) {
        return URI.create(url(node) + target);
    }

    private static HttpResponse<byte[]> send(int node, HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("node " + (node + 1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String encode(String name) {
        return Arrays.stream(name.split("/")).map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8)
                .replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (victim != null) {
            victim.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
        contexts.stream().map(context -> Thread.ofVirtual().start(context::close)).toList().forEach(ConsoleRing::join);
        FileSystemUtils.deleteRecursively(directory);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
