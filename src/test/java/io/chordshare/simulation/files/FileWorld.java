package io.chordshare.simulation.files;

import io.chordshare.id.Slots;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.replication.FilesSettings;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.simulation.SimulatedDisk;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.simulation.Simulation;
import io.chordshare.storage.model.Copies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A simulated ring of whole nodes. Closing it deletes their directories. */
final class FileWorld implements AutoCloseable {

    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(5);
    /** A file system in memory, where there is one: syncing it costs nothing. */
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    final Simulation world;
    final Slots slots;
    private final FilesSettings settings;
    private final Path base;
    private final Map<SimulatedDisk, Machine> machines = new LinkedHashMap<>();
    private final Map<SimulatedNode, FileNode> nodes = new LinkedHashMap<>();
    /** The ring that the first node has made. */
    private @Nullable String ring;

    FileWorld(FilePlan plan) {
        world = new Simulation(plan.seed());
        slots = new Slots(plan.slots());
        settings = new FilesSettings(Copies.ALL, plan.members(), plan.repairAfter());
        try {
            base = Files.isWritable(IN_MEMORY) ? Files.createTempDirectory(IN_MEMORY, "chordshare-files")
                    : Files.createTempDirectory("chordshare-files");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        world.setSlots(slots);
        world.attach(this::make);
    }

    private FileNode make(SimulatedNode node) {
        Machine machine = machines.computeIfAbsent(node.disk(), key ->
                new Machine(base.resolve("machine-" + machines.size())));
        machine.node().ifPresent(FileNode::die);
        FileNode made = new FileNode(node, machine, settings,
                new Random(world.fork("disk " + node.number()).nextLong()));
        machine.node = made;
        nodes.put(node, made);
        return made;
    }

    FileNode of(SimulatedNode node) {
        return nodes.get(node);
    }

    List<FileNode> up() {
        return world.up().stream().map(nodes::get).toList();
    }

    /** Nodes that serve in the ring; those that have left it are rings of their own. */
    List<FileNode> members() {
        return up().stream().filter(node -> node.node.state().status().canServe() && isInRing(node)).toList();
    }

    boolean isInRing(FileNode node) {
        return ring != null && ring.equals(node.ring());
    }

    /** A ring of so many, in which every slot has its members. */
    void grow(int size) {
        FileNode first = of(world.start());
        require(() -> first.node.state().status() == RingStatus.ALONE, "the first node is ready");
        ring = first.ring();
        for (int i = 1; i < size; i++) {
            FileNode joiner = of(world.start(first.node));
            require(() -> joiner.node.state().status() == RingStatus.MEMBER, joiner + " is a member");
        }
        awaitSettled();
    }

    void crash(FileNode node) {
        node.die();
        node.node.crash();
    }

    void awaitSettled() {
        require(this::isSettled, "every slot has the members that the ring wants, and all of them answer");
    }

    void require(Callable<Boolean> condition, String what) {
        if (!world.runUntil(condition, SETTLES_WITHIN)) {
            throw world.failure(new AssertionError("not within " + SETTLES_WITHIN + ": " + what + "\n" + describe()));
        }
    }

    /** Whether every slot's newest view has the wanted members, and all of them answer in it. */
    boolean isSettled() {
        List<FileNode> members = members();
        return !members.isEmpty() && members.size() == up().size()
                && IntStream.range(0, slots.count()).allMatch(slot -> isSettled(slot, members));
    }

    private boolean isSettled(int slot, List<FileNode> members) {
        View newest = newest(slot, members);
        return newest != null && newest.members().size() == Math.min(settings.ownerSet(), members.size())
                && newest.members().stream().allMatch(member -> members.stream().map(node -> node.replication
                        .placement()).anyMatch(node -> node.self().equals(member.id())
                                && node.serves(slot, newest.number())));
    }

    private static @Nullable View newest(int slot, List<FileNode> members) {
        return members.stream().flatMap(node -> node.replication.placement().known(slot).stream())
                .max(Comparator.comparingLong(View::number)).orElse(null);
    }

    /** Nodes that answer for a slot of a name. */
    List<FileNode> answering(String name) {
        int slot = slots.ofName(name);
        List<FileNode> members = members();
        View newest = newest(slot, members);
        return newest == null ? List.of() : members.stream().filter(node ->
                newest.has(node.replication.placement().self())).toList();
    }

    String describe() {
        StringBuilder text = new StringBuilder();
        for (FileNode node : up()) {
            Placement placement = node.replication.placement();
            text.append(node).append(' ').append(node.node.state().status()).append(' ').append(node.ring())
                    .append(' ').append(placement.progress()).append(", imports ")
                    .append(node.store.slotStates().importsLeft()).append('\n');
        }
        List<FileNode> members = members();
        IntStream.range(0, slots.count()).filter(slot -> !isSettled(slot, members)).limit(8).forEach(slot ->
                text.append("slot ").append(slot).append(": ").append(newest(slot, members)).append(members.stream()
                        .map(node -> " " + node.replication.placement().known(slot).map(View::number).orElse(0L) + "/"
                                + node.replication.placement().activated(slot)).toList()).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        List<FileNode> all = new ArrayList<>(nodes.values());
        all.forEach(FileNode::die);
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
