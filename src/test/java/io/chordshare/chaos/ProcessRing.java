package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The nodes of one test, each a process with a directory of its own. No process remains after the test. When the test
 * fails, the ends of the logs are printed. In a static field, this is the ring of a whole class, which
 * {@link #wholeRingOf} repairs for each test, because starting processes dominates the time of these tests. After a
 * failed test, the next one gets a new ring.
 */
final class ProcessRing implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** -Dchordshare.long=true: larger rings, more files, more rounds. */
    static final boolean LONG = Boolean.getBoolean("chordshare.long");

    private static final boolean KEEP_DATA = Boolean.getBoolean("chordshare.keep");
    private static final Duration ORDERED_WITHIN = Duration.ofMinutes(3);
    private static final Duration COMES_BACK_WITHIN = Duration.ofSeconds(5);
    private static final Duration JOINS_WITHIN = Duration.ofSeconds(60);
    /** With more simultaneous starts on two cores, running nodes would not answer each other in time. */
    private static final int START_AT_ONCE = 4;
    private static final List<ProcessNode> everyNode = new CopyOnWriteArrayList<>();

    static {
        // a cancelled test run leaves no processes behind either
        Runtime.getRuntime().addShutdownHook(new Thread(() -> everyNode.forEach(ProcessNode::destroy)));
    }

    private final List<ProcessNode> nodes = new ArrayList<>();
    private boolean isOfClass;
    private Path data = Path.of("target", "process-data").toAbsolutePath();
    private Path logs = Path.of("target", "process-logs").toAbsolutePath();

    @Override
    public void beforeAll(ExtensionContext context) {
        isOfClass = true;
        useDirectories(context.getRequiredTestClass().getSimpleName());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!isOfClass) {
            useDirectories(context.getRequiredTestMethod().getName() + context.getUniqueId().replaceAll(".*#|\\D", ""));
        }
    }

    private void useDirectories(String name) {
        data = data.resolve(name);
        logs = logs.resolve(name);
        ProcessImage.deleteTree(data);
        ProcessImage.deleteTree(logs);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean failed = context.getExecutionException().isPresent();
        List<String> tails = failed ? nodes.stream().map(ProcessNode::tail).toList() : List.of();
        if (failed || !isOfClass) {
            removeAll();
        }
        tails.forEach(System.out::println);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        removeAll();
    }

    /** Ends all processes and deletes their data. */
    void removeAll() {
        nodes.forEach(ProcessNode::destroy);
        nodes.forEach(ProcessNode::awaitEndQuietly);
        everyNode.removeAll(nodes);
        nodes.clear();
        if (!KEEP_DATA) {
            ProcessImage.deleteTree(data);
        }
    }

    /**
     * The ring of the previous test, with all nodes that it killed, stopped or sent away; otherwise a new ring of this
     * size.
     */
    List<ProcessNode> wholeRingOf(int size) {
        if (nodes.isEmpty()) {
            return of(size);
        }
        List<ProcessNode> down = nodes.stream().filter(node -> !node.isRunning()).toList();
        down.forEach(ProcessNode::start);
        down.forEach(ProcessNode::awaitReady);
        nodes.stream().filter(ProcessRing::isAlone).forEach(this::bringBack);
        awaitOrdered(nodes, ORDERED_WITHIN);
        return List.copyOf(nodes);
    }

    /** All nodes, stopped, at new ports. Each has all others as seeds. */
    List<ProcessNode> moveAll() {
        List<ProcessPlace> places = Stream.generate(ProcessPlace::loopback).limit(nodes.size()).toList();
        for (int i = 0; i < places.size(); i++) {
            ProcessPlace there = places.get(i);
            List<String> others = places.stream().filter(place -> place != there).map(ProcessPlace::address).toList();
            nodes.set(i, nodes.get(i).movedTo(there, others));
        }
        everyNode.addAll(nodes);
        return List.copyOf(nodes);
    }

    private void bringBack(ProcessNode alone) {
        ProcessNode member = nodes.stream().filter(node -> !isAlone(node)).findFirst().orElseThrow();
        HttpResponse<String> joined = alone.client.join(member.address(), JOINS_WITHIN);
        assertThat(joined.statusCode()).as("%s joins at %s: %s", alone, member, joined.body()).isEqualTo(200);
    }

    /** Sends a node that has left back to the others, through the first that lets it in. One that has not stays. */
    static void comeBack(ProcessNode node, List<ProcessNode> nodes) {
        if (node.client.tryRing().filter(ring -> ring.status().equals("ALONE")).isPresent()) {
            nodes.stream().filter(other -> other != node && other.client.isReady()).limit(2)
                    .anyMatch(member -> node.client.join(member.address(), COMES_BACK_WITHIN).statusCode() == 200);
        }
    }

    private static boolean isAlone(ProcessNode node) {
        return node.client.ring().status().equals("ALONE");
    }

    /** Starts a ring of this size, and waits until it is one. */
    List<ProcessNode> of(int size) {
        return at(Stream.generate(ProcessPlace::loopback).limit(size).toList());
    }

    /** Starts a ring with a node at each of these places, and waits until it is one. */
    List<ProcessNode> at(List<ProcessPlace> places) {
        ProcessNode seed = add(places.getFirst(), null).start();
        seed.awaitReady();
        List<ProcessNode> others = places.stream().skip(1).map(place -> add(place, seed)).toList();
        for (int from = 0; from < others.size(); from += START_AT_ONCE) {
            List<ProcessNode> next = others.subList(from, Math.min(from + START_AT_ONCE, others.size()));
            next.forEach(ProcessNode::start);
            next.forEach(ProcessNode::awaitReady);
        }
        awaitOrdered(nodes, ORDERED_WITHIN);
        return List.copyOf(nodes);
    }

    /** A node that is not started yet. Without a seed it becomes a ring of one. */
    ProcessNode add(@Nullable ProcessNode seed, String... settings) {
        return add(ProcessPlace.loopback(), seed, settings);
    }

    /** A node at a given place that is not started yet. It becomes a ring of one. */
    ProcessNode addAt(ProcessPlace place, Path directory, String... settings) {
        return add(place, directory, null, settings);
    }

    ProcessNode add(ProcessPlace place, @Nullable ProcessNode seed, String... settings) {
        return add(place, data.resolve("node" + (nodes.size() + 1)), seed, settings);
    }

    private ProcessNode add(ProcessPlace place, Path directory, @Nullable ProcessNode seed, String... settings) {
        String name = "node" + (nodes.size() + 1);
        ProcessNode node = new ProcessNode(name, place, directory, logs.resolve(name + ".log"), seed,
                Arrays.asList(settings));
        nodes.add(node);
        everyNode.add(node);
        return node;
    }


    /** Waits until {@code members} are one ordered ring with the right fingers. Returns how long that took. */
    static Duration awaitOrdered(List<ProcessNode> members, Duration atMost) {
        long start = System.nanoTime();
        await("one ordered ring of " + members)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> RingCheck.of(members).assertOrdered());
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
