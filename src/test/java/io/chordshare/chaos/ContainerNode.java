package io.chordshare.chaos;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.lifecycle.Startable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One node in a container: requests to it, kill, and restart on its volume. */
class ContainerNode implements AutoCloseable {

    static final int PORT = 8081;

    /** Added to the options of the image, because a short run does not pay for a thorough compiler. */
    private static final String LIVES_SHORTLY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    private static final long MEMORY_BYTES = 512L * 1024 * 1024;

    /** Five JVMs start at once, possibly on two cores. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final DockerClient docker = DockerClientFactory.instance().client();
    private final String name;
    private final GenericContainer<?> container;

    private ContainerNode(String name, GenericContainer<?> container) {
        this.name = name;
        this.container = container;
    }

    /** A node that starts as a ring of one. */
    static ContainerNode alone(Future<String> image, String name, Network network) {
        GenericContainer<?> container = new GenericContainer<>(image)
                .withNetwork(network)
                .withNetworkAliases(name)
                .withEnv("CHORDSHARE_NODE_ADVERTISEDADDRESS", addressOf(name))
                .withEnv("CHORDSHARE_SECURITY_OPEN", "true")
                .withEnv("JDK_JAVA_OPTIONS", LIVES_SHORTLY)
                .withCreateContainerCmdModifier(create -> limit(hostConfig(create.getHostConfig())))
                .waitingFor(new Healthy());
        return new ContainerNode(name, container);
    }

    /** Gives the node a member to join through. */
    ContainerNode joining(ContainerNode seed) {
        container.withEnv("CHORDSHARE_NODE_SEEDS", addressOf(seed.name));
        return this;
    }

    /** Gives the node a small disk of its own, of this size. */
    ContainerNode withDisk(String size) {
        container.withTmpFs(Map.of("/data", "rw,size=" + size));
        // the default reserve is larger than such a disk
        container.withEnv("CHORDSHARE_FILES_RESERVE", "8MB");
        return this;
    }

    private static String addressOf(String name) {
        return "http://" + name + ":" + PORT;
    }

    private static HostConfig hostConfig(HostConfig config) {
        return Objects.requireNonNull(config, "Testcontainers sets one before it asks for changes");
    }

    /**
     * The memory limit of docker-compose.yml. Publishes the port to this machine only, because Testcontainers would
     * publish an open node to all.
     */
    private static void limit(HostConfig config) {
        config.withMemory(MEMORY_BYTES);
        config.withPortBindings(new PortBinding(Binding.bindIp("127.0.0.1"), ExposedPort.tcp(PORT)));
    }

    String name() {
        return name;
    }

    String address() {
        return addressOf(name);
    }

    /** Starts the container and waits until its own health check succeeds. */
    void start() {
        container.start();
    }

    /** For starting it together with others. */
    Startable startable() {
        return container;
    }

    /** As a power loss: SIGKILL. The volume stays. */
    void kill() {
        docker.killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
    }

    /** As {@code docker stop}: SIGTERM, with time to tell the neighbours. */
    void stop() {
        docker.stopContainerCmd(container.getContainerId()).withTimeout(60).exec();
    }

    /** As {@code docker start}: the same container and volume. */
    void startAgain() {
        docker.startContainerCmd(container.getContainerId()).exec();
    }

    boolean isRunning() {
        return Boolean.TRUE.equals(
                container.getCurrentContainerInfo().getState().getRunning());
    }

    boolean isHealthy() {
        return container.isHealthy();
    }

    ExecResult run(String... command) throws IOException, InterruptedException {
        return container.execInContainer(command);
    }

    HttpResponse<byte[]> upload(String file, byte[] content) throws IOException, InterruptedException {
        // like curl: a node that refuses answers before the bytes are sent
        return send(request("/files/" + file).expectContinue(true).PUT(BodyPublishers.ofByteArray(content)));
    }

    HttpResponse<byte[]> download(String file) throws IOException, InterruptedException {
        return send(request("/files/" + file));
    }

    JsonNode ring() throws IOException, InterruptedException {
        return json("/ring");
    }

    /** The addresses of the nodes that this node knows and that answer it. */
    String[] answering() throws IOException, InterruptedException {
        JsonNode answer = json("/ring/nodes");
        JsonNode nodes = answer.isArray() ? answer : answer.path("nodes");
        return StreamSupport.stream(nodes.spliterator(), false)
                .filter(node -> node.path("answers").asBoolean(false))
                .map(node -> node.path("address").asString(""))
                .sorted()
                .toArray(String[]::new);
    }

    /** Whether this node sees a ring of exactly these members. */
    boolean seesRingOf(ContainerNode... members) {
        String[] expected =
                Arrays.stream(members).map(ContainerNode::address).sorted().toArray(String[]::new);
        try {
            return ring().path("status").asString("").equals("MEMBER") && Arrays.equals(answering(), expected);
        } catch (IOException stillStartingOrBusy) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(request(path));
        if (answer.statusCode() != 200) {
            throw new IOException(name + " answered " + answer.statusCode() + " to " + path);
        }
        return JSON.readTree(answer.body());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + publishedPort() + path))
                .timeout(ANSWERS_WITHIN);
    }

    /** Asked of the engine each time, because a restarted container has another port. */
    private String publishedPort() {
        Binding[] bindings = container
                .getCurrentContainerInfo()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(ExposedPort.tcp(PORT));
        if (bindings == null || bindings.length == 0) {
            throw new IllegalStateException(name + " is not running");
        }
        return bindings[0].getHostPortSpec();
    }

    /**
     * The strategy of Testcontainers checks without pause: five of them keep two cores busy, and the nodes take minutes
     * to start.
     */
    private static class Healthy extends AbstractWaitStrategy {

        @Override
        protected void waitUntilReady() {
            await().atMost(STARTS_WITHIN).pollInterval(Duration.ofMillis(500)).until(waitStrategyTarget::isHealthy);
        }
    }

    /** Saves the log, to find out why a test failed, and removes the container. */
    @Override
    public void close() {
        if (container.getContainerId() == null) {
            return;
        }
        try {
            Path logs = Files.createDirectories(Path.of("target", "container-logs"));
            Files.writeString(logs.resolve(name + ".log"), container.getLogs());
        } catch (IOException unwritable) {
            System.err.println("The log of " + name + " is lost: " + unwritable);
        } finally {
            container.stop();
        }
    }
}
