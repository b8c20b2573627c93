package io.chordshare.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.NodeStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory is leased only for bytes that have arrived. A slow client gives it up while others wait. */
class HeldBlockTest {

    private static final int BLOCK = 100_000;
    private static final int BLOCKS = 2;
    private static final byte[] DATA = bytes();

    @TempDir
    private Path directory;
    private NodeStore store;
    private Duration now = Duration.ZERO;
    /** A runtime in which only sleep takes time. */
    private final NodeRuntime runtime = (NodeRuntime) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {NodeRuntime.class}, (proxy, method, arguments) -> switch (method.getName()) {
                case "uptime" -> now;
                case "sleep" -> {
                    now = now.plus((Duration) arguments[0]);
                    yield null;
                }
                default -> throw new IllegalStateException(method.getName());
            });
    private final BufferBudget budget = new BufferBudget(runtime, BLOCKS * BLOCK);

    @BeforeEach
    void open() {
        store = NodeStore.open(directory, 0);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[BLOCK];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private HeldBlock block() {
        return new HeldBlock(budget, store.blocks()::newScratch, BLOCK);
    }

    private HeldBlock blockWith(int count) throws OverloadedException {
        HeldBlock block = block();
        block.append(DATA, count);
        return block;
    }

    private long temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("block-")).count();
        }
    }

    @Test
    void a_block_without_bytes_takes_no_memory() {
        try (HeldBlock block = block()) {
            assertThat(budget.free()).isEqualTo(BLOCKS * BLOCK);
            assertThat(block.length()).isZero();
        }
    }

    @Test
    void slow_clients_give_up_memory_for_others_and_lose_no_byte() throws Exception {
        try (HeldBlock first = blockWith(1000); HeldBlock second = blockWith(2000); HeldBlock third = blockWith(3000)) {
            assertThat(temporaryFiles()).isEqualTo(1);
            first.append(DATA, 500);
            byte[] read = new byte[1500];
            assertThat(first.read(0, read, 0, BLOCK)).isEqualTo(1500);
            assertThat(read).startsWith(Arrays.copyOf(DATA, 1000)).endsWith(Arrays.copyOf(DATA, 500));
            assertThat(second.length()).isEqualTo(2000);
            assertThat(third.length()).isEqualTo(3000);
        }
        assertThat(temporaryFiles()).isZero();
        assertThat(budget.free()).isEqualTo(BLOCKS * BLOCK);
    }

    @Test
    void bytes_that_were_moved_to_disk_come_back_complete() throws Exception {
        try (HeldBlock first = blockWith(1000); HeldBlock second = blockWith(1000); HeldBlock third = blockWith(1000)) {
            second.close();
            assertThat(first.inMemory()).startsWith(Arrays.copyOf(DATA, 1000));
            assertThat(temporaryFiles()).isZero();
            first.next();
            first.append(DATA, 10);
            assertThat(first.inMemory()).startsWith(Arrays.copyOf(DATA, 10));
            assertThat(third.length()).isEqualTo(1000);
        }
    }

    @Test
    void a_block_that_is_being_sent_keeps_its_memory() throws Exception {
        try (HeldBlock first = blockWith(1000); HeldBlock second = blockWith(1000)) {
            first.inMemory();
            second.inMemory();
            // The third block finds no memory and goes to disk at once
            try (HeldBlock third = blockWith(1000)) {
                assertThat(temporaryFiles()).isEqualTo(1);
                assertThatThrownBy(third::inMemory).isInstanceOf(OverloadedException.class);
                first.next();
                assertThat(third.inMemory()).startsWith(Arrays.copyOf(DATA, 1000));
            }
        }
    }

    @Test
    void a_failed_fetch_returns_its_memory() {
        try (HeldBlock block = block()) {
            assertThatThrownBy(() -> block.fill(() -> {
                throw new IOException("no node has it");
            })).isInstanceOf(IOException.class);
            assertThat(budget.free()).isEqualTo(BLOCKS * BLOCK);
        }
    }

    @Test
    void stalled_readers_give_up_the_memory_of_their_blocks() throws Exception {
        try (HeldBlock first = block(); HeldBlock second = block(); HeldBlock third = block()) {
            first.fill(DATA::clone);
            second.fill(DATA::clone);
            third.fill(DATA::clone);
            byte[] read = new byte[BLOCK];
            for (HeldBlock block : List.of(first, second, third)) {
                assertThat(block.read(7, read, 0, BLOCK)).isEqualTo(BLOCK - 7);
                assertThat(read).startsWith(Arrays.copyOfRange(DATA, 7, BLOCK));
                assertThat(block.read(BLOCK, read, 0, 1)).isZero();
            }
        }
    }
}
