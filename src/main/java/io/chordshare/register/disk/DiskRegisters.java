package io.chordshare.register.disk;

import io.chordshare.id.Slots;
import io.chordshare.placement.SlotState;
import io.chordshare.placement.ViewStore;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterStore;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.records.RecordJson;
import io.chordshare.storage.records.SlotRecords;
import io.chordshare.storage.records.SlotRecords.Changed;
import io.chordshare.storage.records.SlotRecords.Keys;
import io.chordshare.storage.records.SlotRecords.Line;
import io.chordshare.storage.records.SlotStates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The registers and views of this node in its database. Both go through the one queue of the database, so they become
 * durable in the order of the calls. Digests are in memory: they are counted when a ring is entered.
 */
public final class DiskRegisters implements RegisterStore, ViewStore {

    private final NodeStore store;
    private final SlotRecords records;
    private final SlotStates states;
    private final int members;
    private volatile SlotDigests digests;
    private long lossesHeard;

    /** @param members how many nodes answer for a slot: files that want more copies are kept by others, too */
    public DiskRegisters(NodeStore store, int members) {
        this.members = members;
        this.digests = new SlotDigests(new Slots(1), members);
        this.store = store;
        this.records = store.slots();
        this.states = store.slotStates();
    }

    // -- views -------------------------------------------------------------------------------------------------------

    @Override
    public List<SlotState> enter(String ring, Slots slots, boolean founds) {
        List<byte[]> saved = states.enter(ring, founds, () -> new SlotDigests(slots, members),
                counted -> digests = counted);
        return saved.stream().map(body -> RecordJson.MAPPER.readValue(body, SlotState.class)).toList();
    }

    @Override
    public CompletableFuture<Void> save(List<SlotState> changed) {
        if (changed.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Map<Integer, byte[]> bodies = new TreeMap<>();
        changed.forEach(state -> bodies.put(state.view().slot(), RecordJson.MAPPER.writeValueAsBytes(state)));
        return DiskFailures.translating(states.save(changed.getFirst().view().ring(), bodies));
    }

    // -- registers ---------------------------------------------------------------------------------------------------

    @Override
    public Register read(String key) {
        return register(records.read(key));
    }

    private static Register register(StoredRegister stored) {
        return new Register(stored.record(), stored.promised(), stored.complete());
    }

    @Override
    public CompletableFuture<StepAnswer> step(String key, Step step) {
        return step(key, Use.REPAIR, step);
    }

    @Override
    public CompletableFuture<StepAnswer> stepOfUpload(String key, Step step) {
        return step(key, Use.NEW_FILE, step);
    }

    private CompletableFuture<StepAnswer> step(String key, Use use, Step step) {
        return DiskFailures.translating(records.change(key, use, this::changed, (now, hasBytes) -> {
            StepAnswer answer = step.take(register(now), hasBytes);
            Register next = answer.next();
            return new Changed<>(answer, next == null ? null
                    : new StoredRegister(next.record(), next.promised(), next.complete()));
        }));
    }

    private void changed(@Nullable Line before, @Nullable Line after) {
        digests.changed(before, after);
    }

    @Override
    public SlotDigest digest(int slot) {
        return digests.of(slot);
    }

    @Override
    public boolean isEmpty(int slot) {
        return digests.isEmpty(slot);
    }

    @Override
    public Optional<String> problem() {
        return store.hasRoomForRepair() ? Optional.empty() : Optional.of("its disk has no room for more copies");
    }

    private static Keys keys(Slots slots, int slot) {
        return new Keys(slots.start(slot).toString(), slots.end(slot).toString());
    }

    @Override
    public List<SlotLine> page(int slot, @Nullable String after, int limit) {
        Slots slots = digests.slots();
        return slot >= slots.count() ? List.of() : records.lines(keys(slots, slot), after, limit).stream()
                .map(line -> new SlotLine(line.key(), line.accepted(), line.promised())).toList();
    }

    /** Slots are asked for one by one, and mostly nothing is missing: that is known without the disk. */
    @Override
    public List<FileRecord> incomplete(int slot, int rank, int limit) {
        SlotDigests now = digests;
        hearOfLosses(now);
        long seen = now.lacking(slot);
        if (slot >= now.slots().count() || !SlotDigests.mayLack(seen, rank)) {
            return List.of();
        }
        List<FileRecord> lacking = records.lacking(keys(now.slots(), slot), rank, limit);
        if (lacking.isEmpty()) {
            now.nothingLacks(slot, seen, rank);
        }
        return lacking;
    }

    private synchronized void hearOfLosses(SlotDigests now) {
        long losses = records.losses();
        if (losses != lossesHeard) {
            now.bytesLost();
            lossesHeard = losses;
        }
    }

    /** Slots of the ring as it is when they are asked for, by their keys. */
    private record Ranges(Slots slots, Map<Keys, Integer> slotsByKeys) {

        static Ranges of(Slots slots, List<Integer> some) {
            Map<Keys, Integer> ranges = new LinkedHashMap<>();
            some.stream().filter(slot -> slot < slots.count()).forEach(slot -> ranges.put(keys(slots, slot), slot));
            return new Ranges(slots, ranges);
        }

        List<Keys> all() {
            return List.copyOf(slotsByKeys.keySet());
        }

        boolean test(Keys keys, Slots now, IntPredicate unwanted) {
            return now.equals(slots) && unwanted.test(slotsByKeys.getOrDefault(keys, 0));
        }
    }

    @Override
    public CompletableFuture<Void> drop(List<Integer> dropped, IntPredicate unwanted) {
        Ranges ranges = Ranges.of(digests.slots(), dropped);
        return DiskFailures.translating(records.drop(ranges.all(), members,
                keys -> ranges.test(keys, digests.slots(), unwanted), this::changed));
    }

    @Override
    public CompletableFuture<Void> setAside(List<Integer> some, IntPredicate unwanted) {
        Ranges ranges = Ranges.of(digests.slots(), some);
        return DiskFailures.translating(records.setAside(ranges.all(),
                keys -> ranges.test(keys, digests.slots(), unwanted), this::changed));
    }
}
