package io.chordshare.register.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.placement.Ballot;
import io.chordshare.placement.SlotState;
import io.chordshare.placement.View;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterStatus;
import io.chordshare.register.RegisterStore.SlotDigest;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.register.RegisterStore.StepAnswer;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What registers and views save is on the disk when they hear of it, in the order in which they said it. */
class DiskRegistersTest {

    private static final String RING = "ring-1";
    private static final Slots SLOTS = new Slots(16);
    private static final int MEMBERS = 3;
    private static final Version PROMISED = new Version(50, "promised");
    private static final Copies TWO = new Copies(2);

    @TempDir
    private Path directory;
    private NodeStore store;
    private DiskRegisters disk;

    @BeforeEach
    void open() {
        store = NodeStore.open(directory, Samples.NO_RESERVE);
        disk = new DiskRegisters(store, MEMBERS);
        disk.enter(RING, SLOTS, false);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<SlotState> openAgain() {
        store.close();
        store = NodeStore.open(directory, Samples.NO_RESERVE);
        disk = new DiskRegisters(store, MEMBERS);
        return disk.enter(RING, SLOTS, false);
    }

    private StepAnswer change(String key, Function<Register, Register> change) {
        return disk.step(key, (now, hasBytes) -> {
            Register next = change.apply(now);
            return new StepAnswer(RegisterStatus.DONE, next, next);
        }).join();
    }

    private void write(FileRecord record) {
        disk.step(record.key(), (now, hasBytes) -> {
            Register next = new Register(record, now.promised(), hasBytes.test(record));
            return new StepAnswer(RegisterStatus.DONE, next, next);
        }).join();
    }

    private static FileRecord small(String name, long counter) {
        byte[] bytes = {1, 2, 3};
        return Samples.record(Samples.key(name), name, counter, bytes.length, TWO, Content.inline(bytes));
    }

    private static int slot(String name) {
        return SLOTS.of(ChordId.parse(Samples.key(name)));
    }

    @Test
    void a_promise_and_a_record_are_there_after_a_restart_with_the_same_digest() {
        write(small("a", 1));
        change(Samples.key("a"), now -> new Register(now.record(), PROMISED, now.complete()));
        change(Samples.key("never written"), now -> new Register(null, PROMISED, true));
        SlotDigest digest = disk.digest(slot("a"));
        assertThat(digest.count()).isPositive();

        openAgain();

        assertThat(disk.read(Samples.key("a"))).usingRecursiveComparison()
                .isEqualTo(new Register(small("a", 1), PROMISED, true));
        assertThat(disk.read(Samples.key("never written")).promised()).isEqualTo(PROMISED);
        assertThat(disk.digest(slot("a"))).isEqualTo(digest);
    }

    @Test
    void the_digest_is_that_of_the_lines_whatever_was_written_before() {
        IntStream.range(0, 40).forEach(i -> write(small("file-" + i, 1)));
        IntStream.range(0, 20).forEach(i -> write(small("file-" + i, 2)));
        IntStream.range(30, 50).forEach(i -> change(Samples.key("file-" + i),
                now -> new Register(now.record(), PROMISED, now.complete())));
        for (int slot = 0; slot < SLOTS.count(); slot++) {
            SlotDigest sum = SlotDigest.EMPTY;
            for (SlotLine line : disk.page(slot, null, 1000)) {
                sum = sum.replacing(null, line);
            }
            assertThat(disk.digest(slot)).as("slot %d", slot).isEqualTo(sum);
        }
    }

    @Test
    void pages_are_in_order_and_have_all_registers_once() {
        IntStream.range(0, 100).forEach(i -> write(small("file-" + i, 1)));
        int registers = 0;
        for (int slot = 0; slot < SLOTS.count(); slot++) {
            List<SlotLine> all = disk.page(slot, null, 1000);
            List<SlotLine> paged = new ArrayList<>();
            List<SlotLine> page;
            do {
                page = disk.page(slot, paged.isEmpty() ? null : paged.getLast().key(), 3);
                paged.addAll(page);
            } while (!page.isEmpty());
            assertThat(paged).isEqualTo(all).isSortedAccordingTo((a, b) -> a.key().compareTo(b.key()));
            registers += all.size();
        }
        assertThat(registers).isEqualTo(100);
    }

    @Test
    void a_step_sees_what_the_step_before_has_left_although_nobody_waited() {
        List<CompletableFuture<StepAnswer>> steps = IntStream.rangeClosed(1, 100).mapToObj(i ->
                disk.step(Samples.key("a"), (now, hasBytes) -> {
                    assertThat(now.promised().counter()).isEqualTo(i - 1);
                    Register next = new Register(null, new Version(i, "w"), true);
                    return new StepAnswer(RegisterStatus.DONE, next, next);
                })).toList();
        steps.forEach(CompletableFuture::join);
        assertThat(disk.read(Samples.key("a")).promised().counter()).isEqualTo(100);
    }

    @Test
    void a_record_whose_bytes_are_missing_is_told_to_those_that_must_hold_them() throws IOException {
        byte[] block = Samples.bytes(100_000, 1);
        FileRecord record = Samples.record(Samples.key("big"), "big", 1, block.length, TWO,
                Content.ofBlocks(List.of(Sha256.of(block))));
        write(record);
        assertThat(disk.incomplete(slot("big"), 1, 10)).containsExactly(record);
        assertThat(disk.incomplete(slot("big"), 2, 10)).as("the third member holds no bytes").isEmpty();

        Samples.put(store, block, "upload");
        change(record.key(), now -> new Register(now.record(), now.promised(), true));
        store.blocks().release("upload");

        assertThat(disk.incomplete(slot("big"), 0, 10)).isEmpty();
        assertThat(Samples.read(store, Sha256.of(block))).as("the record keeps the block").isEqualTo(block);
    }

    @Test
    void a_record_whose_block_is_set_aside_lacks_bytes_from_then_on() throws IOException {
        byte[] block = Samples.bytes(100_000, 3);
        FileRecord record = Samples.record(Samples.key("big"), "big", 1, block.length, TWO,
                Content.ofBlocks(List.of(Sha256.of(block))));
        Samples.put(store, block, "upload");
        write(record);
        assertThat(disk.incomplete(slot("big"), 0, 10)).isEmpty();

        store.blocks().quarantine(Sha256.of(block));

        assertThat(disk.incomplete(slot("big"), 0, 10)).containsExactly(record);
        openAgain();
        assertThat(disk.incomplete(slot("big"), 0, 10)).as("after a restart").containsExactly(record);
    }

    @Test
    void a_dropped_slot_is_empty_but_for_files_that_every_node_keeps() {
        write(small("a", 1));
        FileRecord everywhere = Samples.inline(nameInSlot(slot("a")), 1, "x");
        write(everywhere);
        change(everywhere.key(), now -> new Register(now.record(), PROMISED, true));
        disk.drop(List.of(slot("a")), slot -> false).join();
        assertThat(disk.read(Samples.key("a")).record()).as("it was wanted at the last moment").isNotNull();
        assertThat(disk.isEmpty(slot("a"))).isFalse();

        disk.drop(List.of(slot("a")), slot -> true).join();

        assertThat(disk.read(Samples.key("a"))).isEqualTo(Register.EMPTY);
        assertThat(disk.read(everywhere.key())).usingRecursiveComparison()
                .isEqualTo(new Register(everywhere, Version.NONE, true));
        assertThat(disk.isEmpty(slot("a"))).isTrue();
    }

    private static String nameInSlot(int slot) {
        return IntStream.range(0, 10_000).mapToObj(i -> "everywhere-" + i).filter(name -> slot(name) == slot)
                .findFirst().orElseThrow();
    }

    @Test
    void views_are_there_after_a_restart_and_not_in_another_ring() {
        SlotState state = state(RING, 3);
        disk.save(List.of(state)).join();
        assertThat(openAgain()).containsExactly(state);

        assertThat(disk.enter("ring-2", SLOTS, false)).isEmpty();
        assertThatThrownBy(() -> disk.save(List.of(state)).join()).hasMessageContaining("another ring");
        assertThat(openAgain()).as("back in the first").isEmpty();
    }

    private static SlotState state(String ring, int slot) {
        Peer self = new Peer(ChordId.ofName("self"), "http://127.0.0.1:8081", 1);
        View view = new View(ring, slot, 7, List.of(self), List.of());
        View next = new View(ring, slot, 8, List.of(self), List.of(self));
        Ballot ballot = new Ballot(3, "me");
        return new SlotState(view, 7, ballot, ballot, next);
    }

    @Test
    void records_of_another_ring_wait_with_their_bytes_to_be_imported() throws IOException {
        byte[] block = Samples.bytes(100_000, 2);
        Samples.put(store, block, "upload");
        FileRecord record = Samples.record("big", 1, block.length, Content.ofBlocks(List.of(Sha256.of(block))));
        write(record);
        store.blocks().release("upload");
        FileRecord gone = Samples.deleted("gone", 4);
        write(gone);

        disk.enter("ring-2", SLOTS, false);

        assertThat(disk.read(record.key())).isEqualTo(Register.EMPTY);
        assertThat(store.slotStates().imports(null, 10)).as("also that a file was deleted")
                .containsExactlyInAnyOrder(record, gone);
        assertThat(Samples.read(store, Sha256.of(block))).isEqualTo(block);
        openAgain();
        assertThat(Samples.read(store, Sha256.of(block))).as("after a restart").isEqualTo(block);

        store.slotStates().imported(record);
        store.slotStates().imported(Samples.deleted("gone", 3));
        assertThat(store.slotStates().importsLeft()).as("another record has come to wait").isOne();
        store.slotStates().imported(gone);

        assertThat(store.slotStates().importsLeft()).isZero();
        assertThat(store.blocks().has(Sha256.of(block))).as("nothing names it").isFalse();
    }

    @Test
    void records_of_a_slot_that_was_recovered_without_this_node_wait_to_be_imported_and_the_others_stay() {
        write(small("a", 1));
        String other = nameInSlot((slot("a") + 1) % SLOTS.count());
        write(small(other, 1));
        change(Samples.key("a"), now -> new Register(now.record(), PROMISED, true));

        disk.setAside(List.of(slot("a")), slot -> true).join();

        assertThat(disk.read(Samples.key("a"))).isEqualTo(Register.EMPTY);
        assertThat(disk.digest(slot("a"))).isEqualTo(SlotDigest.EMPTY);
        assertThat(disk.read(Samples.key(other)).record()).isNotNull();
        assertThat(store.slotStates().imports(null, 10)).extracting(FileRecord::name).containsExactly("a");

        disk.setAside(List.of(slot(other)), slot -> false).join();
        assertThat(disk.read(Samples.key(other)).record()).as("a member again by now").isNotNull();
    }

    @Test
    void a_node_that_founds_a_ring_keeps_its_records() {
        write(small("a", 1));
        disk.enter("ring-2", SLOTS, true);
        assertThat(disk.read(Samples.key("a")).record()).usingRecursiveComparison().isEqualTo(small("a", 1));
        assertThat(disk.digest(slot("a")).count()).isEqualTo(1);
    }
}
