package io.chordshare.http;

import io.chordshare.ChordshareApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** One real node in this JVM. It can be stopped, and started again with its directory and port. */
final class LocalNode implements AutoCloseable {

    /** All periods are shorter than in production, so tests are faster. */
    private static final List<String> QUICK = List.of("--chordshare.ring.stabilize-every=300ms",
            "--chordshare.ring.fix-fingers-every=300ms", "--chordshare.ring.ping-every=300ms",
            "--chordshare.ring.slots=64",
            "--chordshare.files.sync-every=500ms", "--chordshare.files.repair-after=1s", "--logging.level.root=warn",
            "--logging.level.org.springframework=error");

    private final int port;
    private final Path directory;
    private final List<String> settings;
    private @Nullable ConfigurableApplicationContext context;

    LocalNode(Path directory, String... settings) {
        this.port = freePort();
        this.directory = directory.resolve("node-" + port);
        this.settings = List.of(settings);
    }

    /** @param more settings for this run only */
    LocalNode start(String... more) {
        List<String> all = new ArrayList<>(QUICK);
        all.add("--server.port=" + port);
        all.add("--chordshare.node.data-dir=" + directory);
        all.addAll(settings);
        // A setting that appears twice would become a list
        List<String> names = Stream.of(more).map(setting -> setting.substring(0, setting.indexOf('=') + 1)).toList();
        all.removeIf(setting -> names.stream().anyMatch(setting::startsWith));
        all.addAll(List.of(more));
        context = new SpringApplicationBuilder(ChordshareApplication.class).bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false).run(all.toArray(String[]::new));
        return this;
    }

    int port() {
        return port;
    }

    String address() {
        return api().address();
    }

    Api api() {
        return new Api(port);
    }

    RawClient raw() {
        return new RawClient(port);
    }

    /** The directories of all web servers of this node. */
    List<String> webFolders() throws IOException {
        try (Stream<Path> folders = Files.list(directory.resolve("web"))) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        }
    }

    boolean isReady() {
        return api().get("/actuator/health/readiness").status() == 200;
    }

    JsonNode ring() {
        return api().get("/ring").assertStatus(200).json();
    }

    String id() {
        return ring().path("self").path("id").asString();
    }

    String status() {
        return ring().path("status").asString();
    }

    /** Graceful, as on SIGTERM. */
    @Override
    public void close() {
        if (context != null) {
            context.close();
            context = null;
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
