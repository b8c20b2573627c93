package io.chordshare.simulation.registers;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.placement.SlotState;
import io.chordshare.placement.ViewStore;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterStore;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.model.FileRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk as one process sees it. Whatever is written waits in one queue, as at the one writer of the real store. All
 * that waits is decided in one transaction, which sees what earlier ones have decided. Some time later it is durable,
 * together with everything before it; only then it is read, and told. What has not been written when the process dies
 * is lost, but for a few that were, and of which nobody heard.
 */
final class SimulatedStore implements ViewStore, RegisterStore {

    private static final long FASTEST_WRITE_NANOS = 200_000;
    private static final long SLOWEST_WRITE_NANOS = 4_000_000;

    private final NodeRuntime runtime;
    private final Slots slots;
    private final StoreDisk disk;
    private final Random random;
    private final SimulatedBlocks blocks;
    private final Consumer<SlotState> saves;
    private final Deque<Write> queue = new ArrayDeque<>();
    /** What the transaction that is becoming durable has decided. */
    private final Map<String, Optional<Register>> undurable = new TreeMap<>();
    private List<Write> transaction = List.of();
    private boolean writing;
    private Duration slowness = Duration.ZERO;

    /** Something that is decided within a transaction, becomes durable with it, and then is told. */
    private record Write(Runnable decide, Runnable apply, Runnable tell) {}

    SimulatedStore(NodeRuntime runtime, Slots slots, StoreDisk disk, Random random, SimulatedBlocks blocks,
                   Consumer<SlotState> saves) {
        this.blocks = blocks;
        this.saves = saves;
        this.runtime = runtime;
        this.slots = slots;
        this.disk = disk;
        this.random = random;
    }

    /** Every write takes so much longer from now on. */
    void setSlowness(Duration slowness) {
        this.slowness = slowness;
    }

    /** The process dies: some of what was decided may have reached the disk, in order. */
    void crash() {
        int written = random.nextInt(transaction.size() + 1);
        transaction.subList(0, written).forEach(write -> write.apply().run());
        transaction = List.of();
        queue.clear();
        undurable.clear();
    }

    private <T> CompletableFuture<T> enqueue(Write write, CompletableFuture<T> told) {
        queue.add(write);
        if (!writing) {
            writing = true;
            runtime.start("disk", this::write);
        }
        return told;
    }

    private void write() {
        while (!queue.isEmpty()) {
            runtime.sleep(Duration.ofNanos(random.nextLong(FASTEST_WRITE_NANOS, SLOWEST_WRITE_NANOS)));
            // one sync for all that wait, as the group commit of the real store
            transaction = List.copyOf(queue);
            queue.clear();
            transaction.forEach(write -> write.decide().run());
            runtime.sleep(Duration.ofNanos(random.nextLong(FASTEST_WRITE_NANOS, SLOWEST_WRITE_NANOS)).plus(slowness));
            List<Write> durable = transaction;
            durable.forEach(write -> write.apply().run());
            transaction = List.of();
            undurable.clear();
            durable.forEach(write -> write.tell().run());
        }
        writing = false;
    }

    // -- views -------------------------------------------------------------------------------------------------------

    @Override
    public List<SlotState> enter(String ring, Slots slots, boolean founds) {
        disk.enter(ring, founds);
        return disk.states.values().stream().filter(state -> state.view().ring().equals(ring)).toList();
    }

    @Override
    public CompletableFuture<Void> save(List<SlotState> states) {
        states.forEach(saves);
        CompletableFuture<Void> saved = new CompletableFuture<>();
        return enqueue(new Write(() -> { }, () -> states.forEach(state ->
                disk.states.put(state.view().slot(), state)), () -> saved.complete(null)), saved);
    }

    // -- registers ---------------------------------------------------------------------------------------------------

    @Override
    public Register read(String key) {
        return disk.registers.getOrDefault(key, Register.EMPTY);
    }

    /** As the transaction sees it. */
    private Register decided(String key) {
        return undurable.getOrDefault(key, Optional.of(read(key))).orElse(Register.EMPTY);
    }

    @Override
    public CompletableFuture<StepAnswer> step(String key, Step step) {
        CompletableFuture<StepAnswer> answered = new CompletableFuture<>();
        StepAnswer[] answer = new StepAnswer[1];
        return enqueue(new Write(() -> {
            answer[0] = step.take(decided(key), blocks::has);
            if (answer[0].next() != null) {
                undurable.put(key, Optional.of(answer[0].next()));
            }
        }, () -> {
            if (answer[0].next() != null) {
                disk.put(slotOf(key), key, answer[0].next());
            }
        }, () -> answered.complete(answer[0])), answered);
    }

    private int slotOf(String key) {
        return slots.of(ChordId.parse(key));
    }

    @Override
    public SlotDigest digest(int slot) {
        return disk.digest(slot);
    }

    @Override
    public List<SlotLine> page(int slot, @Nullable String after, int limit) {
        String from = after == null ? slots.start(slot).toString() : after + "\0";
        return disk.registers.tailMap(from).entrySet().stream().takeWhile(entry -> slotOf(entry.getKey()) == slot)
                .limit(limit).map(entry -> SlotLine.of(entry.getKey(), entry.getValue())).toList();
    }

    @Override
    public List<FileRecord> incomplete(int slot, int rank, int limit) {
        return disk.registers.tailMap(slots.start(slot).toString()).entrySet().stream()
                .takeWhile(entry -> slotOf(entry.getKey()) == slot).map(Map.Entry::getValue)
                .filter(register -> !register.complete() && register.record() != null
                        && register.record().copies().wantedAt(rank)).map(Register::record).limit(limit).toList();
    }

    @Override
    public CompletableFuture<Void> drop(List<Integer> dropped, IntPredicate unwanted) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<String> gone = new ArrayList<>();
        return enqueue(new Write(() -> {
            Set<Integer> slotsGone = dropped.stream().filter(unwanted::test).collect(Collectors.toSet());
            Stream.concat(disk.registers.keySet().stream(), undurable.keySet().stream()).distinct()
                    .filter(key -> slotsGone.contains(slotOf(key))).forEach(gone::add);
            gone.forEach(key -> undurable.put(key, Optional.empty()));
        }, () -> gone.forEach(key -> disk.put(slotOf(key), key, null)), () -> done.complete(null)), done);
    }

    @Override
    public CompletableFuture<Void> setAside(List<Integer> slotsAside, IntPredicate unwanted) {
        slotsAside.stream().filter(unwanted::test).forEach(slot -> disk.registers.entrySet().stream()
                .filter(entry -> slotOf(entry.getKey()) == slot).forEach(entry -> disk.aside.add(entry.getValue())));
        return drop(slotsAside, unwanted);
    }

    /** What waits to be imported. */
    List<Register> aside() {
        return disk.aside;
    }

    /** Records that are durable, and those that are about to be. */
    Stream<FileRecord> records() {
        return Stream.concat(disk.registers.values().stream(), undurable.values().stream().flatMap(Optional::stream))
                .flatMap(register -> Stream.ofNullable(register.record()));
    }

    Map<String, Register> all() {
        return disk.registers;
    }
}
