package io.chordshare.chaos;

import io.chordshare.chaos.RingClient.Peer;
import io.chordshare.chaos.RingClient.Ring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ring as each node reports it, to find out why it is not one ring. */
final class RingReport {

    /** Enough of an id to tell two nodes apart. */
    private static final int PREFIX = 6;

    private RingReport() {}

    /** One line per node in ring order: its status, predecessor and successors. */
    static String table(List<ProcessNode> nodes) {
        Map<String, String> names = nodes.stream()
                .collect(Collectors.toMap(ProcessNode::address, ProcessNode::toString));
        return nodes.stream().map(node -> node.client.tryRing().map(view -> line(node, view, names))
                        .orElse("~ " + node + (node.isRunning() ? " does not answer" : " does not run")))
                .sorted(Comparator.naturalOrder()).collect(Collectors.joining("\n  ", "  ", ""));
    }

    /** The loops along first successors. A ring that fell apart has several. */
    static String loops(List<ProcessNode> nodes) {
        List<Ring> views = views(nodes);
        Map<String, Ring> byId = views.stream().filter(view -> !view.successors().isEmpty())
                .collect(Collectors.toMap(view -> view.self().id(), Function.identity(), (one, same) -> one));
        Set<Set<String>> loops = byId.keySet().stream().map(id -> loopFrom(id, byId)).filter(loop -> !loop.isEmpty())
                .collect(Collectors.toSet());
        return "%d of %d nodes answer, %d of them have successors; loops of successors: %s; load average %.1f"
                .formatted(
                views.size(), nodes.size(), byId.size(), loops.stream().map(Set::size).sorted().toList(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static Set<String> loopFrom(String start, Map<String, Ring> byId) {
        Set<String> loop = new HashSet<>();
        String at = start;
        while (byId.containsKey(at) && loop.add(at)) {
            at = byId.get(at).successors().getFirst().id();
        }
        return at.equals(start) ? loop : Set.of();
    }

    /** The reports of all nodes that answer. All are asked at once, because a paused one would delay the others. */
    private static List<Ring> views(List<ProcessNode> nodes) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Ring>>> asked =
                    nodes.stream().map(node -> threads.submit(() -> node.client.tryRing())).toList();
            List<Ring> views = new ArrayList<>();
            for (Future<Optional<Ring>> view : asked) {
                view.get().ifPresent(views::add);
            }
            return views;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static String line(ProcessNode node, Ring view, Map<String, String> names) {
        return "%s %-7s %-8s of ring %s, incarnation %d: %s < self < %s".formatted(prefix(view.self().id()), node,
                view.status(), prefix(view.ringId()), view.self().incarnation(), name(view.predecessor(), names),
                view.successors().stream().map(peer -> name(peer, names)).toList());
    }

    private static String name(@Nullable Peer peer, Map<String, String> names) {
        return peer == null ? "nobody" : names.getOrDefault(peer.address(), peer.address());
    }

    private static String prefix(@Nullable String id) {
        return id == null ? "none" : id.substring(0, Math.min(PREFIX, id.length()));
    }

    /** Writes {@code GET /ring} and {@code GET /actuator/ring} of every node, one file per node. */
    static void write(Path directory, List<ProcessNode> nodes) {
        try {
            Files.createDirectories(directory);
            for (ProcessNode node : nodes) {
                Files.writeString(directory.resolve(node + ".json"),
                        "[" + body(node, "/ring") + ",\n" + body(node, "/actuator/ring") + "]\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String body(ProcessNode node, String path) {
        try {
            return node.client.body(path);
        } catch (IllegalStateException silent) {
            return "null";
        }
    }
}
