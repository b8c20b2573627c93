package io.chordshare.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Which nodes say that they are ready, as of a moment ago. */
final class NodeHealth implements AutoCloseable {

    private static final Duration LOOKS_EVERY = Duration.ofMillis(300);
    /** On two busy cores. */
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);

    private final List<ProcessNode> nodes;
    private final int mayBeDown;
    private final Map<ProcessNode, Boolean> ready = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** @param mayBeDown so many nodes may be down at a time without harm to any file */
    NodeHealth(List<ProcessNode> nodes, int mayBeDown) {
        this.nodes = nodes;
        this.mayBeDown = mayBeDown;
        for (ProcessNode node : nodes) {
            ready.put(node, node.client.isReady());
            threads.add(Thread.ofVirtual().name("health of " + node).start(() -> watch(node)));
        }
    }

    private void watch(ProcessNode node) {
        try {
            do {
                ready.put(node, node.client.isReady(ANSWERS_WITHIN));
            } while (!over.await(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<ProcessNode> well() {
        return nodes.stream().filter(ready::get).toList();
    }

    boolean areEnoughWell() {
        return well().size() >= nodes.size() - mayBeDown;
    }

    @Override
    public void close() {
        over.countDown();
        threads.forEach(Thread::interrupt);
    }
}
