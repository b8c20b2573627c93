package io.chordshare.simulation.registers;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.placement.SlotState;
import io.chordshare.placement.View;
import io.chordshare.placement.ViewStore;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterStore;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.model.FileRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The disk as one process sees it. Whatever is written waits in one queue, as at the one writer of the real store, and
 * is durable together with everything before it. What has not been written when the process dies is lost, but for a few
 * that were, and of which nobody heard.
 */
final class SimulatedStore implements ViewStore, RegisterStore {

    private static final long FASTEST_WRITE_NANOS = 200_000;
    private static final long SLOWEST_WRITE_NANOS = 4_000_000;

    private final NodeRuntime runtime;
    private final Slots slots;
    private final StoreDisk disk;
    private final Random random;
    private final SimulatedBlocks blocks;
    private final Consumer<View> decided;
    private final Deque<Write> queue = new ArrayDeque<>();
    private boolean writing;
    private Duration slowness = Duration.ZERO;

    /** Something that becomes durable, and then is told. */
    private record Write(Runnable apply, Runnable tell) {}

    SimulatedStore(NodeRuntime runtime, Slots slots, StoreDisk disk, Random random, SimulatedBlocks blocks,
                   Consumer<View> decided) {
        this.blocks = blocks;
        this.decided = decided;
        this.runtime = runtime;
        this.slots = slots;
        this.disk = disk;
        this.random = random;
    }

    /** Every write takes so much longer from now on. */
    void setSlowness(Duration slowness) {
        this.slowness = slowness;
    }

    /** The process dies: some of what waits may have reached the disk, in order. */
    void crash() {
        int written = queue.isEmpty() ? 0 : random.nextInt(queue.size() + 1);
        for (int i = 0; i < written; i++) {
            queue.poll().apply().run();
        }
        queue.clear();
    }

    private <T> CompletableFuture<T> enqueue(Runnable apply, CompletableFuture<T> told, Runnable tell) {
        queue.add(new Write(apply, tell));
        if (!writing) {
            writing = true;
            runtime.start("disk", this::write);
        }
        return told;
    }

    private void write() {
        while (!queue.isEmpty()) {
            runtime.sleep(Duration.ofNanos(random.nextLong(FASTEST_WRITE_NANOS, SLOWEST_WRITE_NANOS)).plus(slowness));
            // one sync for all that wait, as the group commit of the real store
            List<Write> batch = List.copyOf(queue);
            queue.clear();
            batch.forEach(write -> write.apply().run());
            batch.forEach(write -> write.tell().run());
        }
        writing = false;
    }

    // -- views -------------------------------------------------------------------------------------------------------

    @Override
    public List<SlotState> enter(String ring, Slots slots) {
        return disk.states.values().stream().filter(state -> state.view().ring().equals(ring)).toList();
    }

    @Override
    public CompletableFuture<Void> save(List<SlotState> states) {
        states.forEach(state -> decided.accept(state.view()));
        CompletableFuture<Void> saved = new CompletableFuture<>();
        return enqueue(() -> states.forEach(state -> disk.states.put(state.view().slot(), state)), saved,
                () -> saved.complete(null));
    }

    // -- registers ---------------------------------------------------------------------------------------------------

    @Override
    public Register read(String key) {
        return disk.registers.getOrDefault(key, Register.EMPTY);
    }

    @Override
    public CompletableFuture<StepAnswer> step(String key, Step step) {
        CompletableFuture<StepAnswer> answered = new CompletableFuture<>();
        StepAnswer[] answer = new StepAnswer[1];
        return enqueue(() -> {
            answer[0] = step.take(read(key), blocks::has);
            if (answer[0].next() != null) {
                disk.put(slotOf(key), key, answer[0].next());
            }
        }, answered, () -> answered.complete(answer[0]));
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
        Set<Integer> gone = new HashSet<>(dropped);
        return enqueue(() -> disk.registers.keySet().stream().filter(key -> gone.contains(slotOf(key))
                        && unwanted.test(slotOf(key))).toList()
                .forEach(key -> disk.put(slotOf(key), key, null)), done, () -> done.complete(null));
    }

    Map<String, Register> all() {
        return disk.registers;
    }
}
