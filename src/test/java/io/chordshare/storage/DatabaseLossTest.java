package io.chordshare.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Orphans;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A block is never deleted because the database does not name it: the database may be new, restored, damaged or older
 * than the blocks.
 */
class DatabaseLossTest {

    private static final byte[] BLOCK = Samples.bytes(100_000, 1);
    private static final Sha256 HASH = Sha256.of(BLOCK);
    private static final FileRecord RECORD = Samples.record("a", 1, 100_000, Content.ofBlocks(List.of(HASH)));

    @TempDir
    private Path directory;
    private Path database;
    private NodeStore store;

    @BeforeEach
    void keepOneFile() throws IOException {
        database = directory.resolve("data/records.db");
        store = open();
        keep(BLOCK, RECORD);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private NodeStore open() {
        return NodeStore.open(directory, Samples.NO_RESERVE, Duration.ofHours(1));
    }

    private void keep(byte[] block, FileRecord record) throws IOException {
        Samples.put(store, block, "u");
        Samples.store(store, record);
        store.blocks().release("u");
    }

    private void startWithoutRecords() throws IOException {
        Files.createFile(directory.resolve("start-without-records"));
        store = open();
    }

    private void assertRefused(String cause) {
        assertThatThrownBy(this::open).isInstanceOfSatisfying(StoreNotOpenedException.class, refused -> {
            assertThat(refused).hasMessageContaining(database.toString()).hasMessageContaining(cause);
            assertThat(refused.action()).contains("Restore the database",
                    directory.resolve("start-without-records").toString());
        });
        assertThat(Samples.file(directory, HASH)).exists();
    }

    @Test
    void a_missing_database_beside_blocks_is_refused() throws IOException {
        store.close();
        Files.delete(database);

        assertRefused("is missing");
        assertThat(database).doesNotExist();
    }

    @Test
    void a_missing_database_without_block_files_is_refused_too() throws IOException {
        Samples.store(store, Samples.deleted("a", 2));
        store.close();
        open().close();
        assertThat(Samples.blockFiles(directory)).isEmpty();
        Files.delete(database);

        assertThatThrownBy(this::open).isInstanceOf(StoreNotOpenedException.class).hasMessageContaining("is missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 4096, 8192, 40_000})
    void a_truncated_database_is_refused_and_left_as_it_is(int length) throws IOException {
        store.close();
        byte[] whole = Files.readAllBytes(database);
        byte[] part = Arrays.copyOf(whole, length);
        assertThat(whole).hasSizeGreaterThan(length);
        Files.write(database, part);

        assertRefused(length == 0 ? "is empty" : "is damaged");
        assertThat(database).hasBinaryContent(part);
    }

    @Test
    void a_damaged_database_is_refused() throws IOException {
        store.close();
        byte[] damaged = Files.readAllBytes(database);
        Arrays.fill(damaged, 4096, damaged.length, (byte) 7);
        Files.write(database, damaged);

        assertRefused("is damaged");
    }

    @Test
    void a_file_that_is_not_a_database_is_refused() throws IOException {
        store.close();
        Files.write(database, Samples.bytes(20_000, 9));

        assertRefused("is damaged");
    }

    @Test
    void a_node_can_continue_without_records_and_no_block_is_lost() throws IOException {
        store.close();
        byte[] damaged = Samples.bytes(20_000, 9);
        Files.write(database, damaged);

        startWithoutRecords();

        assertThat(directory.resolve("start-without-records")).doesNotExist();
        assertThat(directory.resolve("replaced/1/records.db")).hasBinaryContent(damaged);
        assertThat(store.records().totals().files()).isZero();
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
        assertThat(store.orphans().blocks()).isEqualTo(1);
        assertThat(directory.resolve("orphans.txt")).content().contains(HASH.toString())
                .contains(directory.relativize(Samples.file(directory, HASH)).toString());
    }

    @Test
    void orphaned_blocks_survive_restarts_and_uploads_and_become_copies_again() throws IOException {
        store.close();
        Files.delete(database);
        startWithoutRecords();
        store.close();
        store = open();
        Samples.put(store, BLOCK, "fails");
        store.blocks().release("fails");
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);

        Samples.store(store, RECORD);

        assertThat(store.records().state(RECORD.key()).orElseThrow().complete()).isTrue();
        assertThat(store.orphans()).isEqualTo(new Orphans(0, 0));
        store.close();
        store = open();
        assertThat(directory.resolve("orphans.txt")).doesNotExist();
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
    }

    @Test
    void a_restored_older_database_deletes_nothing() throws IOException {
        // In the older database the block may be deleted
        Samples.store(store, Samples.inline("a", 2, "replaced"));
        store.close();
        Path older = Files.copy(database, directory.resolve("older.db"));
        store = open();
        String epoch = store.index().epoch();
        assertThat(store.blocks().has(HASH)).isFalse();
        // Later a record names it again
        keep(BLOCK, Samples.record("b", 1, 100_000, Content.ofBlocks(List.of(HASH))));
        store.close();
        Files.copy(older, database, StandardCopyOption.REPLACE_EXISTING);

        store = open();

        store.freeReplaced();
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
        assertThat(store.orphans().blocks()).isEqualTo(1);
        assertThat(store.index().epoch()).isNotEqualTo(epoch);
    }

    @Test
    void upload_marks_of_another_database_delete_nothing() throws IOException {
        store.close();
        Files.createFile(directory.resolve("data/arriving/" + HASH));
        Files.delete(database);

        startWithoutRecords();

        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
    }

    @Test
    void a_record_whose_block_disappeared_is_not_complete() throws IOException {
        store.close();
        Files.delete(Samples.file(directory, HASH));

        store = open();

        assertThat(store.records().state(RECORD.key()).orElseThrow().complete()).isFalse();
    }

    @Test
    void an_unnamed_block_that_an_upload_pins_is_deleted_when_the_upload_ends() throws IOException {
        store.close();
        store = NodeStore.open(directory, Samples.NO_RESERVE, Duration.ZERO);
        Samples.put(store, BLOCK, "v");
        Samples.store(store, Samples.deleted("a", 2));
        assertThat(store.blocks().has(HASH)).isTrue();

        store.blocks().release("v");

        assertThat(store.blocks().has(HASH)).isFalse();
    }

    @Test
    void blocks_that_were_not_handed_over_move_back_before_the_rest_is_deleted() throws IOException {
        byte[] half = Samples.bytes(50_000, 2);
        byte[] orphan = Samples.bytes(50_000, 3);
        Sha256 halfHash = Samples.put(store, half, "half");
        Samples.store(store, Samples.record("half", 1, Content.BLOCK_BYTES + 50_000L,
                Content.ofBlocks(List.of(halfHash, Sha256.of(new byte[1])))));
        store.blocks().release("half");
        Sha256 orphanHash = Samples.put(store, orphan, "orphan");
        store.close();
        Files.delete(directory.resolve("data/arriving/" + orphanHash));
        store = open();
        store.setAside(true);

        store.deleteSetAside();

        assertThat(store.hasSetAside()).isFalse();
        assertThat(store.blocks().has(HASH)).isFalse();
        assertThat(Samples.read(store, halfHash)).isEqualTo(half);
        assertThat(Samples.read(store, orphanHash)).isEqualTo(orphan);
        assertThat(store.orphans().blocks()).isEqualTo(2);
    }

    @Test
    void data_that_was_not_handed_over_is_not_deleted() throws IOException {
        store.setAside(false);

        store.deleteSetAside();

        assertThat(store.hasSetAside()).isTrue();
        assertThat(directory.resolve("aside/1/records.db")).exists();
    }
}
