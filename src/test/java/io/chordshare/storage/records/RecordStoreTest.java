package io.chordshare.storage.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.model.Backlog;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.PutOutcome;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Totals;
import io.chordshare.storage.model.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordStoreTest {

    private static final byte[] ONE = Samples.bytes(100_000, 1);
    private static final byte[] TWO = Samples.bytes(50_000, 2);

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
        store.records().put(record, true);

        FileRecord back = store.records().get(record.key()).orElseThrow();

        assertThat(back).usingRecursiveComparison().isEqualTo(record);
        assertThat(store.records().state(record.key())).contains(new RecordState(record.key(), "größe.txt",
                record.version(), false, 5, Copies.ALL, true, true));
        assertThat(store.records().get("0".repeat(40))).isEmpty();
    }

    @Test
    void an_empty_file_is_complete() {
        store.records().put(Samples.inline("empty", 1, ""), true);

        assertThat(complete("empty")).isTrue();
    }

    @Test
    void unknown_fields_of_a_later_version_are_ignored() {
        String json = new String(RecordJson.write(Samples.inline("a", 1, "x")), StandardCharsets.UTF_8);
        String later = json.replaceFirst("\\{", "{\"compression\":{\"kind\":\"zstd\"},");

        assertThat(RecordJson.read(later.getBytes(StandardCharsets.UTF_8)).name()).isEqualTo("a");
    }

    @Test
    void only_a_newer_version_replaces_what_is_here() {
        assertThat(store.records().put(Samples.inline("a", 2, "two"), false)).isEqualTo(PutOutcome.STORED);
        assertThat(store.records().put(Samples.inline("a", 1, "one"), false)).isEqualTo(PutOutcome.STALE);
        assertThat(store.records().put(Samples.inline("a", 2, "two"), false)).isEqualTo(PutOutcome.SAME);
        assertThat(store.records().put(Samples.inline("a", 3, "three"), false)).isEqualTo(PutOutcome.STORED);

        assertThat(store.records().get(Samples.key("a")).orElseThrow().size()).isEqualTo(5);
        assertThat(store.index().get("a").orElseThrow().version().counter()).isEqualTo(3);
    }

    @Test
    void the_same_version_again_only_adds_that_it_is_wanted() {
        FileRecord record = ofBlocks("a", 1, ONE);
        store.records().put(record, false);
        assertThat(store.records().backlog()).isEqualTo(new Backlog(0, 0));

        assertThat(store.records().put(record, true)).isEqualTo(PutOutcome.SAME);
        assertThat(store.records().put(record, false)).isEqualTo(PutOutcome.SAME);

        assertThat(store.records().backlog()).isEqualTo(new Backlog(1, 100_000));
    }

    @Test
    void a_record_is_complete_once_all_its_blocks_are_here() throws IOException {
        FileRecord record = ofBlocks("a", 1, ONE, TWO);
        Samples.put(store, ONE, "u");
        store.records().put(record, true);
        assertThat(complete("a")).isFalse();
        assertThat(Samples.names(store.records().incomplete(10, 0))).containsExactly("a");
        assertThat(Samples.names(store.index().lacking(5, 10, 0))).containsExactly("a");

        assertThat(store.records().recheck(record.key(), record.version())).isFalse();
        Samples.put(store, TWO, "u");
        assertThat(store.records().recheck(record.key(), new Version(9, "x"))).isFalse();
        assertThat(store.records().recheck(record.key(), record.version())).isTrue();

        assertThat(complete("a")).isTrue();
        assertThat(store.records().incomplete(10, 0)).isEmpty();
        assertThat(store.index().lacking(5, 10, 0)).isEmpty();
        assertThat(store.records().totals()).isEqualTo(new Totals(1, size(ONE, TWO)));
    }

    @Test
    void a_record_with_a_list_block_needs_the_listed_blocks() throws IOException {
        byte[] list = Samples.listOf(Sha256.of(ONE), Sha256.of(TWO));
        FileRecord record = Samples.record("big", 1, 150_000, Content.ofListBlocks(List.of(Sha256.of(list))));
        store.records().put(record, true);
        Samples.put(store, list, "u");
        assertThat(store.records().recheck(record.key(), record.version())).isFalse();
        Samples.put(store, ONE, "u");
        Samples.put(store, TWO, "u");
        assertThat(store.records().recheck(record.key(), record.version())).isTrue();

        store.blocks().release("u");
        assertThat(Samples.blockFiles(directory)).hasSize(3);
        assertThat(store.records().recheck(record.key(), record.version())).isTrue();

        store.records().put(Samples.deleted("big", 2), true);
        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void a_damaged_list_block_is_quarantined_and_fetched_again() throws IOException {
        byte[] list = Samples.listOf(Sha256.of(ONE));
        Sha256 hash = Samples.put(store, list, "u");
        Samples.put(store, ONE, "u");
        Files.write(Samples.file(directory, hash), new byte[40]);
        FileRecord record = Samples.record("big", 1, 100_000, Content.ofListBlocks(List.of(hash)));

        store.records().put(record, true);
        assertThat(complete("big")).isFalse();
        assertThat(store.blocks().has(hash)).isFalse();

        Samples.put(store, list, "u");
        assertThat(store.records().recheck(record.key(), record.version())).isTrue();
    }

    @Test
    void a_block_is_kept_exactly_while_a_record_names_it() throws IOException {
        Sha256 one = Samples.put(store, ONE, "u");
        Sha256 two = Samples.put(store, TWO, "u");
        store.records().put(ofBlocks("a", 1, ONE, TWO), true);
        store.records().put(ofBlocks("b", 1, ONE), true);
        store.blocks().release("u");
        assertThat(store.blocks().has(two)).isTrue();

        store.records().put(Samples.deleted("a", 2), true);
        assertThat(store.blocks().has(one)).as("b still names it").isTrue();
        assertThat(store.blocks().has(two)).isFalse();

        store.records().put(Samples.inline("b", 2, "small now"), true);
        assertThat(store.blocks().has(one)).isFalse();
    }

    @Test
    void a_block_that_the_new_version_names_too_stays() throws IOException {
        Sha256 one = Samples.put(store, ONE, "u");
        store.records().put(ofBlocks("a", 1, ONE), true);
        store.blocks().release("u");

        store.records().put(ofBlocks("a", 2, ONE, TWO), true);

        assertThat(store.blocks().has(one)).isTrue();
    }

    @Test
    void a_block_that_an_open_upload_pins_survives_its_last_record() throws IOException {
        Sha256 one = Samples.put(store, ONE, "first");
        store.records().put(ofBlocks("a", 1, ONE), true);
        store.blocks().release("first");
        Samples.put(store, ONE, "second");

        store.records().put(Samples.deleted("a", 2), true);
        assertThat(store.blocks().has(one)).isTrue();

        store.records().put(ofBlocks("b", 1, ONE), true);
        store.blocks().release("second");
        assertThat(complete("b")).isTrue();
        assertThat(store.blocks().has(one)).isTrue();
    }

    @Test
    void blocks_are_deleted_in_every_round() throws IOException {
        for (int round = 1; round <= 5; round++) {
            Samples.put(store, ONE, "u");
            Samples.put(store, TWO, "u");
            store.records().put(ofBlocks("a", 2 * round, ONE, TWO), true);
            store.blocks().release("u");
            assertThat(Samples.blockFiles(directory)).hasSize(2);
            store.records().put(Samples.deleted("a", 2 * round + 1), true);
            assertThat(Samples.blockFiles(directory)).as("round %d", round).isEmpty();
        }
    }

    @Test
    void a_damaged_block_is_quarantined_and_its_records_become_incomplete() throws IOException {
        Sha256 one = Samples.put(store, ONE, "u");
        store.records().put(ofBlocks("a", 1, ONE), true);
        store.records().put(ofBlocks("b", 1, ONE), true);
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
    void dropped_bytes_are_deleted_and_can_be_fetched_again() throws IOException {
        FileRecord record = ofBlocks("a", 1, ONE);
        Sha256 one = Samples.put(store, ONE, "u");
        store.records().put(record, true);
        store.blocks().release("u");

        store.records().dropBytes(record.key(), new Version(7, "x"));
        assertThat(complete("a")).isTrue();
        store.records().dropBytes(record.key(), record.version());

        assertThat(store.blocks().has(one)).isFalse();
        RecordState state = store.records().state(record.key()).orElseThrow();
        assertThat(state.complete()).isFalse();
        assertThat(state.wanted()).isFalse();
        assertThat(store.records().get(record.key()).orElseThrow().content().blocks()).containsExactly(one);

        store.records().want(record.key(), true);
        Samples.put(store, ONE, "again");
        store.blocks().release("again");
        assertThat(store.blocks().has(one)).as("a wanted record keeps its blocks").isTrue();
        assertThat(store.records().recheck(record.key(), record.version())).isTrue();
    }

    @Test
    void incomplete_records_are_listed_oldest_first() {
        for (String name : List.of("c", "a", "b")) {
            store.records().put(ofBlocks(name, 1, ONE), true);
        }
        store.records().put(ofBlocks("c", 2, TWO), true);

        assertThat(Samples.names(store.records().incomplete(2, 0))).containsExactly("a", "b");
        assertThat(store.records().backlog()).isEqualTo(new Backlog(3, 250_000));
    }

    @Test
    void concurrent_puts_are_all_stored() throws IOException, InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PutOutcome>> puts = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String name = "file-" + i;
                byte[] block = Samples.bytes(1_000, i % 8);
                puts.add(threads.submit(() -> {
                    Samples.put(store, block, name);
                    PutOutcome outcome = store.records().put(ofBlocks(name, 1, block), true);
                    store.blocks().release(name);
                    return outcome;
                }));
            }
            for (Future<PutOutcome> put : puts) {
                assertThat(put.get()).isEqualTo(PutOutcome.STORED);
            }
        }

        assertThat(store.records().page(null, 1_000)).hasSize(64).allMatch(RecordState::complete);
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
                        store.records().put(ofBlocks(name, round, ONE), true);
                        store.blocks().release(name);
                        assertThat(complete(name)).isTrue();
                        assertThat(store.blocks().has(one)).isTrue();
                        store.records().put(Samples.deleted(name, round + 1), true);
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
            store.records().put(Samples.inline("file-" + i, 1, "x"), true);
            keys.add(Samples.key("file-" + i));
        }
        Collections.sort(keys);

        List<String> walked = new ArrayList<>();
        String after = null;
        for (List<RecordState> page = store.records().page(after, 10); !page.isEmpty();
                page = store.records().page(after, 10)) {
            walked.addAll(Samples.keys(page));
            after = walked.getLast();
        }
        assertThat(walked).isEqualTo(keys);
    }

    @Test
    void an_incomplete_upload_never_replaces_a_complete_file() throws IOException {
        Sha256 old = Samples.put(store, Samples.bytes(100_000, 1), "u");
        FileRecord whole = Samples.record("a", 1, 100_000, Content.ofBlocks(List.of(old)));
        assertThat(store.records().put(whole, true, true)).isEqualTo(PutOutcome.STORED);
        store.blocks().release("u");

        FileRecord bare = Samples.record("a", 2, 100_000, Content.ofBlocks(List.of(Sha256.of(new byte[1]))));
        assertThat(store.records().put(bare, true, true)).isEqualTo(PutOutcome.INCOMPLETE);

        assertThat(store.records().state(whole.key()).orElseThrow().version()).isEqualTo(whole.version());
        assertThat(Samples.read(store, old)).hasSize(100_000);
    }

    @Test
    void the_bytes_of_a_replaced_file_are_kept_for_its_readers() throws IOException {
        store.close();
        store = NodeStore.open(directory, 0, java.time.Duration.ofMinutes(15));
        Sha256 old = Samples.put(store, Samples.bytes(100_000, 1), "u");
        store.records().put(Samples.record("a", 1, 100_000, Content.ofBlocks(List.of(old))), true);
        store.blocks().release("u");

        store.records().put(Samples.inline("a", 2, "text"), true);
        store.freeReplaced();

        assertThat(Samples.read(store, old)).hasSize(100_000);
        store.close();
        store = NodeStore.open(directory, 0);
        assertThat(store.blocks().has(old)).as("no client reads across a restart").isFalse();
    }
}
