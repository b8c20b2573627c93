package io.chordshare.simulation.registers;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.placement.Placement;
import io.chordshare.placement.SlotState;
import io.chordshare.placement.View;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedDisk;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A simulated ring whose nodes keep files. */
final class RegisterRing {

    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(3);

    final Simulation world;
    final Slots slots;
    final Mishaps mishaps;
    final Ambushes ambushes;
    private final Placement.Settings settings;
    private final Map<SimulatedDisk, StoreDisk> disks = new LinkedHashMap<>();
    private final Map<SimulatedNode, RegisterNode> nodes = new LinkedHashMap<>();

    private final Map<String, List<ChordId>> decided = new HashMap<>();
    private final Set<String> activated = new HashSet<>();
    private Duration diskTime = Duration.ZERO;

    RegisterRing(RegisterPlan plan) {
        this(plan.seed(), plan.slots(), plan.members(), plan.repairAfter());
        diskTime = plan.diskTime();
    }

    RegisterRing(long seed, int slotCount, int members, Duration repairAfter) {
        this.world = new Simulation(seed);
        this.slots = new Slots(slotCount);
        this.settings = new Placement.Settings(members, repairAfter);
        this.mishaps = new Mishaps(new Random(world.fork("mishaps").nextLong()));
        this.ambushes = new Ambushes(new Random(world.fork("ambushes").nextLong()));
        world.attach(this::make);
    }

    private RegisterNode make(SimulatedNode node) {
        StoreDisk disk = disks.computeIfAbsent(node.disk(), key -> new StoreDisk());
        RegisterNode made = new RegisterNode(node, disk, this, settings,
                new Random(world.fork("disk " + node.number()).nextLong()), state -> noteSaved(node, state));
        made.store.setSlowness(diskTime);
        nodes.put(node, made);
        return made;
    }

    /** There is one view of each number. A node that has left is a ring of its own. */
    private void noteSaved(SimulatedNode node, SlotState state) {
        View view = state.view();
        List<ChordId> members = view.members().stream().map(Peer::id).toList();
        String number = view.ring() + "/" + view.slot() + "/" + view.number();
        List<ChordId> before = decided.putIfAbsent(number, members);
        if (before == null) {
            ambushes.comes(of(node), Ambushes.Moment.HAS_DECIDED);
        }
        if (state.activated() == view.number() && activated.add(number)) {
            ambushes.comes(of(node), Ambushes.Moment.IS_FIRST_TO_ACTIVATE);
        }
        if (before != null && !before.equals(members)) {
            throw world.failure(new AssertionError("two views " + view.number() + " of slot " + view.slot() + ": "
                    + before + " and " + members));
        }
    }

    /** How many views were decided. */
    int views() {
        return decided.size();
    }

    RegisterNode of(SimulatedNode node) {
        return nodes.get(node);
    }

    List<RegisterNode> up() {
        return world.up().stream().map(nodes::get).toList();
    }

    /** Members of the ring that answer. */
    List<RegisterNode> members() {
        return up().stream().filter(node -> node.node.state().status().canServe()).toList();
    }

    /** Whether every node that is up is a member, none is paused, and the views have members that are up. */
    boolean isWell() {
        List<RegisterNode> up = up();
        return members().size() == up.size() && up.stream().noneMatch(node -> node.node.isPaused())
                && IntStream.range(0, slots.count()).mapToObj(slot -> newest(slot, up)).allMatch(view -> view != null
                        && view.members().stream().allMatch(member -> up.stream().anyMatch(node ->
                                node.placement.self().equals(member.id()))));
    }

    /** A ring of so many, in which every slot has its members. */
    List<RegisterNode> grow(int size) {
        List<RegisterNode> grown = new ArrayList<>(List.of(of(world.start())));
        while (grown.size() < size) {
            world.run(Duration.ofMillis(100));
            RegisterNode joiner = of(world.start(grown.getFirst().node));
            require(() -> joiner.node.state().status() == RingStatus.MEMBER, joiner + " is a member");
            grown.add(joiner);
        }
        awaitSettled();
        return grown;
    }

    void crash(RegisterNode node) {
        node.store.crash();
        node.node.crash();
    }

    /** Waits until no node has anything of a slot that it is no member of. */
    void awaitTidy() {
        require(() -> members().stream().allMatch(node -> IntStream.range(0, slots.count()).allMatch(slot ->
                node.store.digest(slot).count() == 0 || node.placement.known(slot)
                        .filter(view -> view.has(node.placement.self())).isPresent())), "surplus copies are gone");
    }

    void awaitSettled() {
        require(this::isSettled, "every slot has the members that the ring wants, and all of them answer");
    }

    void require(Callable<Boolean> condition, String what) {
        if (!world.runUntil(condition, SETTLES_WITHIN)) {
            throw world.failure(new AssertionError("not within " + SETTLES_WITHIN + ": " + what + "\n" + describe()));
        }
    }

    /** Whether every slot's newest view has the wanted members, all of which answer in it and have the same. */
    boolean isSettled() {
        List<RegisterNode> members = members();
        return !members.isEmpty() && IntStream.range(0, slots.count()).allMatch(slot -> isSettled(slot, members));
    }

    private boolean isSettled(int slot, List<RegisterNode> members) {
        View newest = newest(slot, members);
        return newest != null && newest.members().size() == Math.min(settings.members(), members.size())
                && newest.members().stream().allMatch(member -> members.stream().anyMatch(node ->
                        node.placement.self().equals(member.id()) && node.placement.serves(slot, newest.number())))
                && members.stream().filter(node -> newest.has(node.placement.self()))
                        .map(node -> node.store.digest(slot)).distinct().count() == 1;
    }

    static @Nullable View newest(int slot, List<RegisterNode> members) {
        return members.stream().flatMap(node -> node.placement.known(slot).stream())
                .max(Comparator.comparingLong(View::number)).orElse(null);
    }

    /** Whether a majority of each view that there is, or may be next, is somewhere without any one node. */
    boolean survivesALoss() {
        List<RegisterNode> members = members();
        return members.size() > settings.members() && IntStream.range(0, slots.count()).allMatch(slot -> {
            View newest = newest(slot, members);
            return newest != null && newest.members().size() == settings.members() && disks.values().stream()
                    .flatMap(disk -> Stream.ofNullable(disk.states.get(slot)))
                    .filter(state -> state.view().number() >= newest.number())
                    .flatMap(state -> Stream.concat(Stream.of(state.view()), Stream.ofNullable(state.accepted())))
                    .allMatch(view -> view.members().size() == settings.members());
        });
    }

    String describe() {
        StringBuilder text = new StringBuilder();
        for (RegisterNode node : up()) {
            text.append(node).append(' ').append(node.node.state().status()).append(' ')
                    .append(node.placement.progress()).append('\n');
        }
        List<RegisterNode> members = members();
        IntStream.range(0, slots.count()).filter(slot -> !isSettled(slot, members)).limit(8).forEach(slot ->
                text.append("slot ").append(slot).append(": ").append(newest(slot, members)).append(members.stream()
                        .map(node -> " " + node.placement.known(slot).map(View::number).orElse(0L) + "/"
                                + node.placement.activated(slot)).toList()).append('\n'));
        return text.toString();
    }
}
