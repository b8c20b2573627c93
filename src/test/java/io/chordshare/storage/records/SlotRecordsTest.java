package io.chordshare.storage.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.model.Totals;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.SlotRecords.Keys;
import io.chordshare.storage.records.SlotRecords.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What changes of registers do to records, blocks and the index. */
class SlotRecordsTest {

    private static final byte[] ONE = Samples.bytes(100_000, 1);
    private static final byte[] TWO = Samples.bytes(50_000, 2);
    private static final String NOT_HERE = "0".repeat(40);

    @TempDir
    Path directory;
    private NodeStore store;

    @BeforeEach
    void open() {
        store = NodeStore.open(directory, Samples.NO_RESERVE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private FileRecord ofBlocks(String name, long counter, byte[]... blocks) {
        List<Sha256> hashes = new ArrayList<>();
        for (byte[] block : blocks) {
            hashes.add(Sha256.of(block));
        }
        return Samples.record(name, counter, size(blocks), Content.ofBlocks(hashes));
    }

    /** The size in the record of a file with this last block. The store does not check the lengths of the others. */
    private static long size(byte[]... blocks) {
        return (blocks.length - 1L) * Content.BLOCK_BYTES + blocks[blocks.length - 1].length;
    }

    private boolean complete(String name) {
        return store.records().state(Samples.key(name)).orElseThrow().complete();
    }

    @Test
    void a_record_is_read_back_unchanged() {
        FileRecord record = Samples.inline("größe.txt", 3, "hello");
        Samples.store(store, record);

        assertThat(store.slots().read(record.key())).usingRecursiveComparison()
                .isEqualTo(new StoredRegister(record, Version.NONE, true));
        assertThat(store.records().get(record.key()).orElseThrow()).usingRecursiveComparison().isEqualTo(record);
        assertThat(store.records().state(record.key())).contains(
                new RecordState(record.key(), "größe.txt", record.version(), false, true));
        assertThat(Samples.lines(store)).containsExactly(
                new Line(record.key(), record.version(), Version.NONE, Copies.ALL.count(), false, true));
        assertThat(store.slots().read(NOT_HERE)).isEqualTo(StoredRegister.EMPTY);
        assertThat(store.records().get(NOT_HERE)).isEmpty();
    }

    @Test
    void an_empty_file_is_complete() {
        Samples.store(store, Samples.inline("empty", 1, ""));

        assertThat(complete("empty")).isTrue();
    }

    @Test
    void unknown_fields_of_a_later_version_are_ignored() {
        ObjectNode later = RecordBody.tree(RecordBody.write(Samples.inline("a", 1, "x")));
        later.putObject("compression").put("kind", "zstd");

        assertThat(RecordBody.read(RecordBody.write(later)).name()).isEqualTo("a");
    }

    @Test
    void records_of_the_format_before_are_read() {
        FileRecord record = Samples.inline("a", 1, "x");

        assertThat(RecordBody.read(RecordJson.MAPPER.writeValueAsBytes(record)).name()).isEqualTo("a");
        assertThat(RecordBody.read(RecordBody.write(record)).content().inline()).isEqualTo(record.content().inline());
    }

    @Test
    void each_change_sees_what_is_here_and_replaces_it_only_by_what_it_returns() {
        assertThat(Samples.store(store, Samples.inline("a", 2, "two"))).isTrue();
        long before = store.records().changes();
        assertThat(Samples.store(store, Samples.inline("a", 1, "one"))).isFalse();
        assertThat(Samples.store(store, Samples.inline("a", 2, "two"))).isFalse();
        assertThat(store.records().changes()).as("nothing has changed").isEqualTo(before);
        assertThat(Samples.store(store, Samples.inline("a", 3, "three"))).isTrue();

        assertThat(store.records().changes()).isEqualTo(before + 1);
        assertThat(store.records().get(Samples.key("a")).orElseThrow().size()).isEqualTo(5);
        assertThat(store.index().get("a").orElseThrow().version().counter()).isEqualTo(3);
    }

    @Test
    void a_record_is_complete_once_all_its_blocks_are_here() throws IOException {
        FileRecord record = ofBlocks("a", 1, ONE, TWO);
        Samples.put(store, ONE, "u");
        Samples.store(store, record);
        assertThat(complete("a")).isFalse();
        assertThat(store.slots().lacking(Samples.EVERYTHING, 0, 10)).containsExactly(record);
        assertThat(Samples.names(store.index().lacking(5, 10, 0))).containsExactly("a");

        assertThat(Samples.lookForBytes(store, record.key())).isFalse();
        assertThat(store.records().totals()).isEqualTo(new Totals(1, 0));
        Samples.put(store, TWO, "u");
        assertThat(Samples.lookForBytes(store, NOT_HERE)).isFalse();
        assertThat(Samples.lookForBytes(store, record.key())).isTrue();

        assertThat(complete("a")).isTrue();
        assertThat(store.slots().lacking(Samples.EVERYTHING, 0, 10)).isEmpty();
        assertThat(store.index().lacking(5, 10, 0)).isEmpty();
        assertThat(store.records().totals()).isEqualTo(new Totals(1, size(ONE, TWO)));
    }

    @Test
    void a_record_with_a_list_block_needs_the_listed_blocks() throws IOException {
        byte[] list = Samples.listOf(Sha256.of(ONE), Sha256.of(TWO));
        FileRecord record = Samples.record("big", 1, 150_000, Content.ofListBlocks(List.of(Sha256.of(list))));
        Samples.store(store, record);
        Samples.put(store, list, "u");
        assertThat(Samples.lookForBytes(store, record.key())).isFalse();
        Samples.put(store, ONE, "u");
        Samples.put(store, TWO, "u");
        assertThat(Samples.lookForBytes(store, record.key())).isTrue();

        store.blocks().release("u");
        assertThat(Samples.blockFiles(directory)).hasSize(3);
        assertThat(Samples.lookForBytes(store, record.key())).isTrue();

        Samples.store(store, Samples.deleted("big", 2));
        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void a_damaged_list_block_is_quarantined_and_fetched_again() throws IOException {
        byte[] list = Samples.listOf(Sha256.of(ONE));
        Sha256 hash = Samples.put(store, list, "u");
        Samples.put(store, ONE, "u");
        Files.write(Samples.file(directory, hash), new byte[40]);
        FileRecord record = Samples.record("big", 1, 100_000, Content.ofListBlocks(List.of(hash)));

        Samples.store(store, record);
        assertThat(complete("big")).isFalse();
        assertThat(store.blocks().has(hash)).isFalse();

        Samples.put(store, list, "u");
        assertThat(Samples.lookForBytes(store, record.key())).isTrue();
    }

    @Test
    void a_block_is_kept_exactly_while_a_record_names_it() throws IOException {
        Sha256 one = Samples.put(store, ONE, "u");
        Sha256 two = Samples.put(store, TWO, "u");
        Samples.store(store, ofBlocks("a", 1, ONE, TWO));
        Samples.store(store, ofBlocks("b", 1, ONE));
        store.blocks().release("u");
        assertThat(store.blocks().has(two)).isTrue();

        Samples.store(store, Samples.deleted("a", 2));
        assertThat(store.blocks().has(one)).as("b still names it").isTrue();
        assertThat(store.blocks().has(two)).isFalse();

        Samples.store(store, Samples.inline("b", 2, "small now"));
        assertThat(store.blocks().has(one)).isFalse();
    }

    @Test
    void a_block_that_the_new_version_names_too_stays() throws IOException {
        Sha256 one = Samples.put(store, ONE, "u");
        Samples.store(store, ofBlocks("a", 1, ONE));
        store.blocks().release("u");

        Samples.store(store, ofBlocks("a", 2, ONE, TWO));

        assertThat(store.blocks().has(one)).isTrue();
    }

    @Test
    void a_block_that_an_open_upload_pins_survives_its_last_record() throws IOException {
        Sha256 one = Samples.put(store, ONE, "first");
        Samples.store(store, ofBlocks("a", 1, ONE));
        store.blocks().release("first");
        Samples.put(store, ONE, "second");

        Samples.store(store, Samples.deleted("a", 2));
        assertThat(store.blocks().has(one)).isTrue();

        Samples.store(store, ofBlocks("b", 1, ONE));
        store.blocks().release("second");
        assertThat(complete("b")).isTrue();
        assertThat(store.blocks().has(one)).isTrue();
    }

    @Test
    void blocks_are_deleted_in_every_round() throws IOException {
        for (int round = 1; round <= 5; round++) {
            Samples.put(store, ONE, "u");
            Samples.put(store, TWO, "u");
            Samples.store(store, ofBlocks("a", 2 * round, ONE, TWO));
            store.blocks().release("u");
            assertThat(Samples.blockFiles(directory)).hasSize(2);
            Samples.store(store, Samples.deleted("a", 2 * round + 1));
            assertThat(Samples.blockFiles(directory)).as("round %d", round).isEmpty();
        }
    }

    @Test
    void a_damaged_block_is_quarantined_and_its_records_become_incomplete() throws IOException {
        Sha256 one = Samples.put(store, ONE, "u");
        Samples.store(store, ofBlocks("a", 1, ONE));
        Samples.store(store, ofBlocks("b", 1, ONE));
        long before = store.records().changes();

        store.blocks().quarantine(one);

        assertThat(store.blocks().has(one)).isFalse();
        assertThat(complete("a")).isFalse();
        assertThat(complete("b")).isFalse();
        assertThat(store.records().changes()).isGreaterThan(before);
        assertThat(directory.resolve("data/quarantine/" + one)).exists();
        assertThat(Samples.names(store.index().lacking(5, 10, 0))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void the_blocks_of_a_dropped_record_are_deleted_and_can_be_fetched_again() throws IOException {
        FileRecord record = ofBlocks("a", 1, ONE, TWO);
        Sha256 one = Samples.put(store, ONE, "u");
        Sha256 two = Samples.put(store, TWO, "u");
        Samples.store(store, record);
        Samples.store(store, ofBlocks("b", 1, TWO));
        store.blocks().release("u");
        long before = store.records().changes();

        Samples.drop(store, NOT_HERE);
        assertThat(complete("a")).isTrue();
        assertThat(store.records().totals()).isEqualTo(new Totals(2, size(ONE, TWO) + size(TWO)));
        Samples.drop(store, record.key());

        assertThat(store.blocks().has(one)).isFalse();
        assertThat(store.blocks().has(two)).as("b still names it").isTrue();
        assertThat(store.records().state(record.key())).isEmpty();
        assertThat(store.records().changes()).isGreaterThan(before);
        assertThat(store.records().totals()).isEqualTo(new Totals(1, size(TWO)));

        Samples.store(store, record);
        assertThat(complete("a")).isFalse();
        Samples.put(store, ONE, "again");
        assertThat(Samples.lookForBytes(store, record.key())).isTrue();
        store.blocks().release("again");
        assertThat(store.blocks().has(one)).as("a record keeps its blocks").isTrue();
    }

    @Test
    void a_dropped_record_leaves_nothing_behind_of_a_large_file() throws IOException {
        byte[] list = Samples.listOf(Sha256.of(ONE), Sha256.of(TWO));
        FileRecord record = Samples.record("big", 1, 150_000, Content.ofListBlocks(List.of(Sha256.of(list))));
        for (byte[] block : List.of(list, ONE, TWO)) {
            Samples.put(store, block, "u");
        }
        Samples.store(store, record);
        store.blocks().release("u");
        assertThat(Samples.blockFiles(directory)).hasSize(3);

        Samples.drop(store, record.key());

        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void incomplete_records_are_listed_in_order_of_keys_unless_they_are_deleted() {
        List<FileRecord> records = new ArrayList<>();
        for (String name : List.of("c", "a", "b")) {
            records.add(ofBlocks(name, 1, ONE));
        }
        records.forEach(record -> Samples.store(store, record));
        Samples.store(store, ofBlocks("gone", 1, TWO));
        Samples.store(store, Samples.deleted("gone", 2));
        records.sort(Comparator.comparing(FileRecord::key));

        assertThat(store.slots().lacking(Samples.EVERYTHING, 0, 2)).isEqualTo(records.subList(0, 2));
        assertThat(store.slots().lacking(Samples.EVERYTHING, 0, 10)).isEqualTo(records);
        assertThat(store.records().totals()).as("bytes that are missing do not count").isEqualTo(new Totals(3, 0));
    }

    @Test
    void concurrent_puts_are_all_stored() throws IOException, InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> puts = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String name = "file-" + i;
                byte[] block = Samples.bytes(1_000, i % 8);
                puts.add(threads.submit(() -> {
                    Samples.put(store, block, name);
                    boolean stored = Samples.upload(store, ofBlocks(name, 1, block));
                    store.blocks().release(name);
                    return stored;
                }));
            }
            for (Future<Boolean> put : puts) {
                assertThat(put.get()).isTrue();
            }
        }

        assertThat(store.records().totals()).isEqualTo(new Totals(64, 64_000));
        assertThat(store.slots().lacking(Samples.EVERYTHING, 0, 10)).isEmpty();
        assertThat(Samples.blockFiles(directory)).hasSize(8);
    }

    @Test
    void a_block_that_is_deleted_and_put_concurrently_is_there_when_its_record_is()
            throws IOException, InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String name = "file-" + thread;
                all.add(threads.submit(() -> {
                    for (int round = 1; round < 20; round += 2) {
                        Sha256 one = Samples.put(store, ONE, name);
                        Samples.store(store, ofBlocks(name, round, ONE));
                        store.blocks().release(name);
                        assertThat(complete(name)).isTrue();
                        assertThat(store.blocks().has(one)).isTrue();
                        Samples.store(store, Samples.deleted(name, round + 1));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void pages_list_all_keys_in_order() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            Samples.store(store, Samples.inline("file-" + i, 1, "x"));
            keys.add(Samples.key("file-" + i));
        }
        Collections.sort(keys);

        List<String> walked = new ArrayList<>();
        String after = null;
        for (List<Line> page = store.slots().lines(Samples.EVERYTHING, after, 10); !page.isEmpty();
                page = store.slots().lines(Samples.EVERYTHING, after, 10)) {
            page.forEach(line -> walked.add(line.key()));
            assertThat(walked).hasSizeLessThanOrEqualTo(keys.size());
            after = walked.getLast();
        }
        assertThat(walked).isEqualTo(keys);
        assertThat(store.slots().lines(new Keys(keys.get(3), keys.get(5)), null, 10)).extracting(Line::key)
                .as("both ends of a range are in it").isEqualTo(keys.subList(3, 6));
    }

    @Test
    void an_incomplete_upload_never_replaces_a_complete_file() throws IOException {
        Sha256 old = Samples.put(store, Samples.bytes(100_000, 1), "u");
        FileRecord whole = Samples.record("a", 1, 100_000, Content.ofBlocks(List.of(old)));
        assertThat(Samples.upload(store, whole)).isTrue();
        store.blocks().release("u");

        FileRecord bare = Samples.record("a", 2, 100_000, Content.ofBlocks(List.of(Sha256.of(new byte[1]))));
        assertThat(Samples.upload(store, bare)).isFalse();

        assertThat(store.records().state(whole.key()).orElseThrow().version()).isEqualTo(whole.version());
        assertThat(Samples.read(store, old)).hasSize(100_000);
    }

    @Test
    void the_bytes_of_a_replaced_file_are_kept_for_its_readers() throws IOException {
        store.close();
        store = NodeStore.open(directory, 0, Duration.ofMinutes(15));
        Sha256 old = Samples.put(store, Samples.bytes(100_000, 1), "u");
        Samples.store(store, Samples.record("a", 1, 100_000, Content.ofBlocks(List.of(old))));
        store.blocks().release("u");

        Samples.store(store, Samples.inline("a", 2, "text"));
        store.freeReplaced();

        assertThat(Samples.read(store, old)).hasSize(100_000);
        store.close();
        store = NodeStore.open(directory, 0);
        assertThat(store.blocks().has(old)).as("no client reads across a restart").isFalse();
    }
}
