package io.chordshare.storage.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.error.BlockMismatchException;
import io.chordshare.storage.error.BlockMissingException;
import io.chordshare.storage.error.CorruptBlockException;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockStoreTest {

    @TempDir
    Path directory;
    private final AtomicLong nanos = new AtomicLong();
    private NodeStore store;

    @BeforeEach
    void open() {
        store = NodeStore.open(directory, Samples.NO_RESERVE, nanos::get);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 200_000, Content.BLOCK_BYTES})
    void a_block_comes_back_as_it_was_sent(int length) throws IOException {
        byte[] block = Samples.bytes(length, 1);
        Sha256 hash = Samples.put(store, block, "u");

        assertThat(store.blocks().has(hash)).isTrue();
        assertThat(store.blocks().length(hash)).isEqualTo(length);
        assertThat(Samples.read(store, hash)).isEqualTo(block);
    }

    @Test
    void any_part_of_a_block_can_be_read() throws IOException {
        byte[] block = Samples.bytes(200_000, 2);
        Sha256 hash = Samples.put(store, block, "u");

        try (BlockReader reader = store.blocks().open(hash)) {
            for (int position : new int[] {199_999, 0, 65_530, 131_071, 70_000}) {
                byte[] part = new byte[80_010];
                int count = reader.read(position, part, 10, 80_000);
                assertThat(count).isEqualTo(Math.min(80_000, 200_000 - position));
                assertThat(Arrays.copyOfRange(part, 10, 10 + count))
                        .isEqualTo(Arrays.copyOfRange(block, position, position + count));
            }
            assertThat(reader.read(200_000, new byte[1], 0, 1)).isEqualTo(-1);
        }
    }

    @Test
    void an_identical_block_is_stored_once() throws IOException {
        byte[] block = Samples.bytes(100_000, 3);
        Sha256 hash = Samples.put(store, block, "one");
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(Samples.file(directory, hash), longAgo);

        Samples.put(store, block, "two");

        assertThat(Samples.blockFiles(directory)).hasSize(1);
        assertThat(Files.getLastModifiedTime(Samples.file(directory, hash))).isEqualTo(longAgo);
    }

    @Test
    void bytes_with_another_hash_are_refused_and_nothing_is_kept() throws IOException {
        Sha256 announced = Sha256.of(Samples.bytes(100_000, 4));

        assertThatThrownBy(() -> store.blocks().put(announced, new ByteArrayInputStream(new byte[100_000]), "u"))
                .isInstanceOf(BlockMismatchException.class);

        assertThat(store.blocks().has(announced)).isFalse();
        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void bytes_with_another_hash_are_refused_even_if_the_block_is_here() throws IOException {
        Sha256 hash = Samples.put(store, Samples.bytes(10, 5), "u");

        assertThatThrownBy(() -> store.blocks().put(hash, new ByteArrayInputStream(new byte[10]), "u"))
                .isInstanceOf(BlockMismatchException.class);
    }

    @Test
    void more_than_a_block_is_refused() throws IOException {
        byte[] tooLong = new byte[Content.BLOCK_BYTES + 1];

        assertThatThrownBy(() -> Samples.put(store, tooLong, "u")).isInstanceOf(BlockMismatchException.class);

        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void an_interrupted_upload_leaves_nothing() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });

        assertThatThrownBy(() -> store.blocks().put(Sha256.of(new byte[1]), broken, "u"))
                .isInstanceOf(IOException.class).hasMessageContaining("connection reset");

        assertThat(Samples.blockFiles(directory)).isEmpty();
    }

    @Test
    void below_the_reserve_new_data_is_refused_and_nothing_of_it_is_kept() throws IOException {
        byte[] block = Samples.bytes(100_000, 6);
        FileRecord kept = Samples.inline("kept", 1, "text");
        Sha256 old = Samples.put(store, block, "u");
        Samples.store(store, Samples.record("old", 1, 100_000, Content.ofBlocks(List.of(old))));
        Samples.store(store, kept);
        store.close();
        store = NodeStore.open(directory, Long.MAX_VALUE);

        assertThat(store.usableBytes()).isZero();
        assertThatThrownBy(() -> Samples.put(store, Samples.bytes(100_000, 7), "u"))
                .isInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> Samples.upload(store, Samples.inline("new", 1, "text")))
                .isInstanceOf(DiskFullException.class);

        assertThat(Samples.blockFiles(directory)).hasSize(1);
        assertThat(Samples.read(store, old)).isEqualTo(block);
        assertThatThrownBy(() -> Samples.upload(store, Samples.inline("empty", 1, "")))
                .isInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> Samples.store(store, Samples.inline("of a peer", 1, "text")))
                .isInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> store.index().merge(Samples.inline("elsewhere", 1, "text").entry()))
                .isInstanceOf(DiskFullException.class);
        assertThat(Samples.names(store.index().page("", null, 10))).containsExactly("kept", "old");
        assertThat(Samples.store(store, Samples.deleted("kept", 2))).isTrue();
        assertThat(store.index().merge(Samples.deleted("old", 2).entry())).isTrue();
        assertThat(store.index().page("", null, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_535, 65_536, 65_539, 65_540, 100_003})
    void a_changed_byte_is_never_served(int at) throws IOException {
        Sha256 hash = Samples.put(store, Samples.bytes(100_000, 8), "u");
        Path file = Samples.file(directory, hash);
        byte[] onDisk = Files.readAllBytes(file);
        onDisk[at] ^= 1;
        Files.write(file, onDisk);

        assertThatThrownBy(() -> Samples.read(store, hash)).isInstanceOf(CorruptBlockException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 30_000, 65_536, 65_540, 65_541, 65_544, 131_080, 200_000})
    void a_truncated_block_is_never_served(int length) throws IOException {
        Sha256 hash = Samples.put(store, Samples.bytes(200_000, 9), "u");
        Path file = Samples.file(directory, hash);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));

        assertThatThrownBy(() -> Samples.read(store, hash)).isInstanceOf(CorruptBlockException.class);
    }

    @Test
    void a_block_with_the_name_of_another_is_never_served() throws IOException {
        Sha256 one = Samples.put(store, Samples.bytes(100, 10), "u");
        Sha256 two = Samples.put(store, Samples.bytes(100, 11), "u");
        Files.write(Samples.file(directory, one), Files.readAllBytes(Samples.file(directory, two)));

        assertThatThrownBy(() -> Samples.read(store, one)).isInstanceOf(CorruptBlockException.class);
    }

    @Test
    void sending_a_truncated_block_again_repairs_it_at_the_second_try() throws IOException {
        byte[] block = Samples.bytes(200_000, 12);
        Sha256 hash = Samples.put(store, block, "u");
        Files.write(Samples.file(directory, hash), new byte[0]);

        assertThatThrownBy(() -> Samples.put(store, block, "u")).hasMessageContaining("send it again");
        Samples.put(store, block, "u");

        assertThat(Samples.read(store, hash)).isEqualTo(block);
    }

    @Test
    void a_missing_block_is_reported_as_missing() {
        Sha256 nowhere = Sha256.of(new byte[3]);

        assertThatThrownBy(() -> store.blocks().open(nowhere)).isInstanceOf(BlockMissingException.class);
        assertThatThrownBy(() -> store.blocks().length(nowhere)).isInstanceOf(BlockMissingException.class);
    }

    @Test
    void an_upload_released_without_a_record_leaves_no_block() throws IOException {
        Sha256 hash = Samples.put(store, Samples.bytes(10, 13), "u");

        store.blocks().release("u");

        assertThat(store.blocks().has(hash)).isFalse();
    }

    @Test
    void a_block_that_another_upload_pins_is_not_deleted() throws IOException {
        byte[] block = Samples.bytes(10, 14);
        Sha256 hash = Samples.put(store, block, "one");
        Samples.put(store, block, "two");

        store.blocks().release("one");
        assertThat(store.blocks().has(hash)).isTrue();

        store.blocks().release("two");
        assertThat(store.blocks().has(hash)).isFalse();
    }

    @Test
    void idle_uploads_are_released_and_active_ones_are_not() throws IOException {
        Sha256 idle = Samples.put(store, Samples.bytes(10, 15), "idle");
        Sha256 busy = Samples.put(store, Samples.bytes(10, 16), "busy");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        store.blocks().touch("busy");

        assertThat(store.blocks().releaseIdle(Duration.ofSeconds(30))).isEqualTo(1);

        assertThat(store.blocks().has(idle)).isFalse();
        assertThat(store.blocks().has(busy)).isTrue();
    }

    @Test
    void a_large_upload_frees_all_its_blocks() throws IOException {
        for (int i = 0; i < 200; i++) {
            Samples.put(store, Samples.bytes(5, 1_000 + i), "u");
        }
        assertThat(Samples.blockFiles(directory)).hasSize(200);

        store.blocks().release("u");

        assertThat(Samples.blockFiles(directory)).isEmpty();
    }
}
