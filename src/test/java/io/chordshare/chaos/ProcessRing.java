package io.chordshare.chaos;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The nodes of one test, each a process of its own with a directory of its own. However the test ends, none is left; if
 * it fails, the ends of their logs are printed.
 */
final class ProcessRing implements BeforeEachCallback, AfterEachCallback {

    /** -Dchordshare.long=true: larger rings, more files, more rounds. */
    static final boolean LONG = Boolean.getBoolean("chordshare.long");

    private static final boolean KEEP_DATA = Boolean.getBoolean("chordshare.keep");
    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(60);
    private static final List<ProcessNode> everyNode = new CopyOnWriteArrayList<>();

    static {
        // a test run that is cancelled leaves no processes behind either
        Runtime.getRuntime().addShutdownHook(new Thread(() -> everyNode.forEach(ProcessNode::destroy)));
    }

    private final List<ProcessNode> nodes = new ArrayList<>();
    private Path data = Path.of("target", "process-data").toAbsolutePath();
    private Path logs = Path.of("target", "process-logs").toAbsolutePath();

    @Override
    public void beforeEach(ExtensionContext context) {
        String test = context.getRequiredTestMethod().getName() + context.getUniqueId().replaceAll(".*#|\\D", "");
        data = data.resolve(test);
        logs = logs.resolve(test);
        ProcessImage.deleteTree(data);
        ProcessImage.deleteTree(logs);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> tails = context.getExecutionException().isPresent()
                ? nodes.stream().map(ProcessNode::tail).toList() : List.of();
        removeAll();
        tails.forEach(System.out::println);
    }

    /** Ends all processes, and forgets their data. */
    void removeAll() {
        nodes.forEach(ProcessNode::destroy);
        nodes.forEach(ProcessNode::awaitEndQuietly);
        everyNode.removeAll(nodes);
        nodes.clear();
        if (!KEEP_DATA) {
            ProcessImage.deleteTree(data);
        }
    }

    /** Starts a ring of so many, and waits until it is one. */
    List<ProcessNode> of(int size) {
        ProcessNode seed = add(null).start();
        seed.awaitReady();
        List<ProcessNode> others = IntStream.range(1, size).mapToObj(i -> add(seed)).toList();
        others.forEach(ProcessNode::start);
        others.forEach(ProcessNode::awaitReady);
        awaitOrdered(nodes, ORDERED_WITHIN);
        return List.copyOf(nodes);
    }

    /** A node that is not started yet; without a seed it will be a ring of one. */
    ProcessNode add(@Nullable ProcessNode seed, String... settings) {
        String name = "node" + (nodes.size() + 1);
        ProcessNode node = new ProcessNode(name, data.resolve(name), logs.resolve(name + ".log"), seed,
                Arrays.asList(settings));
        nodes.add(node);
        everyNode.add(node);
        return node;
    }


    /** Waits until these are one ordered ring with the right fingers. Returns how long that took. */
    static Duration awaitOrdered(List<ProcessNode> members, Duration atMost) {
        long start = System.nanoTime();
        await("one ordered ring of " + members)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> RingCheck.of(members).assertOrdered());
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
