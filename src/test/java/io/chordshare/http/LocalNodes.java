package io.chordshare.http;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;

/** A ring of real nodes in this JVM. */
final class LocalNodes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<LocalNode> nodes;

    private LocalNodes(List<LocalNode> nodes) {
        this.nodes = nodes;
    }

    /** @param settings settings of all nodes */
    static LocalNodes start(Path directory, int count, String... settings) {
        LocalNode first = new LocalNode(directory, settings);
        List<String> others = new ArrayList<>(List.of(settings));
        others.add("--chordshare.node.seeds=" + first.address());
        LocalNodes nodes = new LocalNodes(new ArrayList<>(List.of(first)));
        try {
            first.start();
            for (int i = 1; i < count; i++) {
                LocalNode next = new LocalNode(directory, others.toArray(String[]::new));
                nodes.nodes.add(next);
                next.start();
            }
            nodes.awaitWhole();
            return nodes;
        } catch (RuntimeException | Error e) {
            nodes.close();
            throw e;
        }
    }

    LocalNode node(int index) {
        return nodes.get(index);
    }

    Api api(int index) {
        return nodes.get(index).api();
    }

    List<LocalNode> all() {
        return List.copyOf(nodes);
    }

    List<Api> apis() {
        return nodes.stream().map(LocalNode::api).toList();
    }

    /** Adds a member to the ring. This closes it in the end. */
    void add(LocalNode node) {
        nodes.add(node);
    }

    void awaitWhole() {
        patiently().untilAsserted(() -> assertWhole(nodes));
    }

    /** As {@link #awaitWhole}, but some nodes may have a full disk and not be ready. */
    void awaitServing() {
        patiently().untilAsserted(() -> assertLinked(nodes));
    }

    /** Waits until every node is ready and sees exactly these nodes as answering. */
    static void assertWhole(List<LocalNode> ring) {
        for (LocalNode node : ring) {
            if (!node.isReady()) {
                throw new AssertionError(node.address() + " is not ready: " + node.status());
            }
        }
        assertLinked(ring);
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(100));
    }

    /** Waits until every node sees exactly these nodes as answering. */
    private static void assertLinked(List<LocalNode> ring) {
        Set<String> addresses = new HashSet<>(ring.stream().map(LocalNode::address).toList());
        for (LocalNode node : ring) {
            Set<String> answering = new HashSet<>();
            for (JsonNode seen : node.api().get("/ring/nodes").assertStatus(200).json()) {
                if (seen.path("answers").asBoolean()) {
                    answering.add(seen.path("address").asString());
                }
            }
            JsonNode view = node.ring();
            boolean linked = !view.path("predecessor").isNull()
                    && view.path("successors").size() >= Math.min(ring.size() - 1, 4);
            if (!answering.equals(addresses) || !linked) {
                throw new AssertionError(node.address() + " sees " + answering + " of " + addresses + ", " + view);
            }
        }
    }

    @Override
    public void close() {
        switchOff();
    }

    /** Stops all nodes. They can be started again, one by one. */
    void switchOff() {
        // All at once, because each may wait for its neighbours
        List<Thread> closing = nodes.stream().map(node -> Thread.ofVirtual().start(node::close)).toList();
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
