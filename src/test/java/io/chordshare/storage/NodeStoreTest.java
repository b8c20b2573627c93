package io.chordshare.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.disk.Facts;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.error.StoreInUseException;
import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.model.Totals;
import io.chordshare.storage.model.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStoreTest {

    private static final byte[] BLOCK = Samples.bytes(100_000, 1);
    private static final Sha256 HASH = Sha256.of(BLOCK);
    private static final FileRecord RECORD = Samples.record("a", 1, 100_000, Content.ofBlocks(List.of(HASH)));

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

    private void reopen() {
        store.close();
        open();
    }

    private void keepOneFile() throws IOException {
        Samples.put(store, BLOCK, "u");
        Samples.store(store, RECORD);
        store.blocks().release("u");
    }

    @Test
    void everything_stored_is_there_after_a_restart() throws IOException {
        keepOneFile();
        store.putFact("id", "0123");
        StoredRegister before = store.slots().read(RECORD.key());
        Totals totals = store.records().totals();

        reopen();

        assertThat(store.slots().read(RECORD.key())).isEqualTo(before)
                .isEqualTo(new StoredRegister(RECORD, Version.NONE, true));
        assertThat(Samples.lines(store)).hasSize(1);
        assertThat(store.records().totals()).isEqualTo(totals);
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
        assertThat(Samples.names(store.index().page("", null, 10))).containsExactly("a");
        assertThat(store.fact("id")).contains("0123");
        assertThat(store.fact("other")).isEmpty();
    }

    @Test
    void a_second_store_on_the_same_directory_is_refused() {
        assertThatThrownBy(() -> NodeStore.open(directory, 0))
                .isInstanceOf(StoreInUseException.class).hasMessageContaining(directory.toString());

        assertThat(Samples.store(store, RECORD)).isTrue();
    }

    @Test
    void another_process_is_refused_also_after_a_refusal_in_this_one() throws IOException, InterruptedException {
        assertThatThrownBy(() -> NodeStore.open(directory, 0)).isInstanceOf(StoreInUseException.class);

        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Opener.class.getName(), directory.toString()).redirectErrorStream(true).start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(other.waitFor()).as(said).isEqualTo(Opener.REFUSED);
    }

    /** Tries to open a store in a separate process. */
    static final class Opener {

        static final int REFUSED = 3;

        private Opener() {}

        public static void main(String[] arguments) {
            try (NodeStore opened = NodeStore.open(Path.of(arguments[0]), 0)) {
                System.out.println("opened, with " + opened.usableBytes() + " usable bytes");
            } catch (StoreInUseException e) {
                System.out.println(e.getMessage());
                System.exit(REFUSED);
            }
        }
    }

    @Test
    void a_newer_format_is_refused_and_left_as_it_is() throws IOException {
        store.close();
        Files.writeString(directory.resolve("format"), "4\n");

        assertThatThrownBy(() -> NodeStore.open(directory, 0))
                .isInstanceOf(StoreNotOpenedException.class).hasMessageContaining("format 4");

        Files.writeString(directory.resolve("format"), "1\n");
        open();
    }

    @Test
    void leftovers_of_a_crash_are_deleted_at_the_next_start() throws IOException {
        keepOneFile();
        Samples.put(store, Samples.bytes(10, 2), "never finished");
        store.close();
        Files.write(directory.resolve("tmp/block-7"), new byte[5]);

        open();

        assertThat(Samples.blockFiles(directory)).containsExactly(Samples.file(directory, HASH));
    }

    @Test
    void a_crash_between_quarantine_and_its_record_is_repaired_at_the_next_start() throws IOException {
        keepOneFile();
        store.close();
        Files.move(Samples.file(directory, HASH), directory.resolve("data/quarantine/" + HASH));

        open();

        assertThat(store.records().state(RECORD.key()).orElseThrow().complete()).isFalse();
    }

    @Test
    void data_that_was_set_aside_is_not_served_and_facts_are_kept() throws IOException {
        keepOneFile();
        store.putFact("id", "0123");
        String epoch = store.index().epoch();
        long changes = store.records().changes();
        assertThat(store.records().totals()).isEqualTo(new Totals(1, 100_000));
        assertThat(store.hasSetAside()).isFalse();

        store.setAside(true);

        assertThat(store.hasSetAside()).isTrue();
        assertThat(store.records().get(RECORD.key())).isEmpty();
        assertThat(store.records().totals()).isEqualTo(new Totals(0, 0));
        assertThat(store.records().changes()).isGreaterThan(changes);
        assertThat(store.slots().read(RECORD.key())).isEqualTo(StoredRegister.EMPTY);
        assertThat(Samples.lines(store)).isEmpty();
        assertThat(store.index().page("", null, 10)).isEmpty();
        assertThat(store.index().epoch()).isNotEqualTo(epoch);
        assertThat(store.blocks().has(HASH)).isFalse();
        assertThat(store.fact("id")).contains("0123");
        reopen();
        assertThat(store.hasSetAside()).isTrue();
        assertThat(store.fact("id")).contains("0123");
    }

    @Test
    void after_setting_data_aside_the_store_continues_and_the_data_can_be_deleted() throws IOException {
        keepOneFile();
        store.setAside(true);
        keepOneFile();
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
        store.setAside(true);
        assertThat(directory.resolve("aside/1/records.db")).exists();
        assertThat(directory.resolve("aside/2/records.db")).exists();

        store.deleteSetAside();

        assertThat(store.hasSetAside()).isFalse();
        keepOneFile();
        reopen();
        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
    }

    @Test
    void an_upload_continues_while_data_is_set_aside() throws IOException {
        InputStream setsAside = new InputStream() {
            @Override
            public int read() {
                store.setAside(true);
                return -1;
            }
        };

        store.blocks().put(HASH, new SequenceInputStream(new ByteArrayInputStream(BLOCK), setsAside), "u");

        assertThat(Samples.read(store, HASH)).isEqualTo(BLOCK);
    }

    @Test
    void a_closed_store_refuses_with_a_clear_error() {
        store.close();

        assertThatThrownBy(() -> Samples.store(store, RECORD))
                .isInstanceOf(StoreFailedException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> store.records().get(RECORD.key()))
                .isInstanceOf(StoreFailedException.class).hasMessageContaining("closed");
    }

    @Test
    void a_fact_is_replaced_and_a_too_large_one_is_refused() {
        store.putFact("peers", "a");
        store.putFact("peers", "b");
        assertThatThrownBy(() -> store.putFact("peers", "x".repeat(Facts.MAX_BYTES)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(store.fact("peers")).contains("b");
    }
}
