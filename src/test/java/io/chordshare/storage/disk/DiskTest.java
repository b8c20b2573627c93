package io.chordshare.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.db.WriterThread;
import io.chordshare.storage.disk.DiskState.Condition;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Sha256;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** How a node reports a full or failing disk, and what it does then. */
class DiskTest {

    private static final byte[] BLOCK = Samples.bytes(100_000, 1);
    /** Every write to this device fails with ENOSPC. */
    private static final Path FULL_DEVICE = Path.of("/dev/full");

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

    private void later(Duration time) {
        nanos.addAndGet(time.toNanos());
        store.checkDisk();
    }

    /** From now on no file can be created there, by any user. */
    private void breakDisk() throws IOException {
        Files.delete(directory.resolve("tmp"));
        Files.writeString(directory.resolve("tmp"), "in the way");
    }

    private void repairDisk() throws IOException {
        Files.delete(directory.resolve("tmp"));
        Files.createDirectory(directory.resolve("tmp"));
    }

    @Test
    void a_failing_disk_is_noticed_by_a_failed_write_and_so_is_its_recovery() throws IOException {
        store.checkDisk();
        assertThat(store.disk().isGood()).isTrue();
        breakDisk();

        assertThatThrownBy(() -> Samples.put(store, BLOCK, "u")).isInstanceOf(StoreFailedException.class);

        assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
        later(Duration.ofMinutes(1));
        assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
        repairDisk();
        later(Duration.ofMinutes(1));
        assertThat(store.disk().isGood()).as(store.disk().detail()).isTrue();
        Samples.put(store, BLOCK, "u");
    }

    @Test
    void a_failing_disk_is_noticed_even_when_nothing_uses_it() throws IOException {
        breakDisk();

        later(Duration.ofMinutes(1));

        assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
    }

    @Test
    void a_deleted_database_is_noticed_before_the_next_start() throws IOException {
        Path database = directory.resolve("data/records.db");
        Files.move(database, directory.resolve("data/elsewhere"));

        later(Duration.ofMinutes(1));

        assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
        Files.move(directory.resolve("data/elsewhere"), database);
        later(Duration.ofMinutes(1));
        assertThat(store.disk().isGood()).isTrue();
    }

    @Test
    void a_disk_that_fails_in_part_stays_failing_between_two_failures() throws IOException {
        Sha256 hash = Sha256.of(BLOCK);
        // Only the directory of this block is unusable
        Path leaf = Samples.file(directory, hash).getParent();
        Files.createDirectories(leaf.getParent());
        Files.writeString(leaf, "in the way");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> Samples.put(store, BLOCK, "u")).isInstanceOf(StoreFailedException.class);
            later(Duration.ofSeconds(1));
            assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
        }

        Files.delete(leaf);
        later(Duration.ofMinutes(1));

        assertThat(store.disk().isGood()).isTrue();
    }

    @Test
    void a_full_disk_is_reported_and_is_good_again_once_it_has_room() {
        store.close();
        store = NodeStore.open(directory, Long.MAX_VALUE, nanos::get);

        assertThat(store.disk().condition()).isEqualTo(Condition.FULL);
        assertThat(store.disk().detail()).contains("507").doesNotContain(directory.toString());
        store.close();
        open();
        assertThat(store.disk().isGood()).isTrue();
    }

    @Test
    void after_sqlite_reported_a_full_disk_the_disk_is_full_until_a_write_succeeds() throws Exception {
        Layout layout = new Layout(directory);
        Disk disk = new Disk(layout, Samples.NO_RESERVE, nanos::get);

        StorageException failure = disk.failed(new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL));

        assertThat(failure).isInstanceOf(DiskFullException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FULL);
        assertThatThrownBy(() -> disk.check(() -> {
            throw new DiskFullException(null);
        })).isInstanceOf(DiskFullException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FULL);
        disk.check(() -> {});
        assertThat(disk.state().isGood()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, FULL", "Disk quota exceeded, FULL", "File too large, FULL",
        "There is not enough space on the disk, FULL", "Read-only file system, READ_ONLY",
        "Input/output error, FAILING"})
    void every_error_of_the_system_is_classified(String reason, Condition condition) throws IOException {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);
        for (IOException error : List.of(new FileSystemException("/secret/place", null, reason),
                new IOException(reason),
                new IOException("wrapped", new IOException(reason)))) {
            if (condition != Condition.FULL && error.getCause() != null) {
                continue;
            }
            StorageException failure = disk.failed(error);

            assertThat(failure instanceof DiskFullException).as(error.toString()).isEqualTo(condition
                    == Condition.FULL);
            assertThat(failure.getMessage()).doesNotContain("/secret", "Exception", "chordshare.storage");
            assertThat(disk.state().condition()).isEqualTo(condition);
            assertThat(disk.state().detail()).doesNotContain("/secret", "Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE", "SQLITE_CANTOPEN"})
    void a_test_write_finds_out_why_sqlite_cannot_write(String code) throws IOException {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);
        SQLiteException error = new SQLiteException("disk I/O error", SQLiteErrorCode.valueOf(code));

        assertThat(disk.failed(error)).isInstanceOf(StoreFailedException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FAILING);

        // The next test write goes to a full device
        Files.createSymbolicLink(directory.resolve("tmp/probe-2"), FULL_DEVICE);
        assertThat(disk.failed(error)).isInstanceOf(DiskFullException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FULL);
    }

    @Test
    void an_interrupt_is_not_a_failure_of_the_disk() throws IOException {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);

        assertThat(disk.failed(new ClosedByInterruptException())).isInstanceOf(StoreFailedException.class);

        assertThat(disk.state().isGood()).isTrue();
    }

    @Test
    void a_hanging_disk_is_a_failing_one() throws Exception {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);
        disk.failed(new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_FULL));
        DiskState[] meanwhile = new DiskState[1];

        disk.check(() -> {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            meanwhile[0] = disk.state();
        });

        assertThat(meanwhile[0].condition()).isEqualTo(Condition.FAILING);
        assertThat(meanwhile[0].detail()).contains("not responded");
    }

    @Test
    void facts_are_kept_in_memory_on_a_full_disk_and_written_once_there_is_room() throws IOException {
        store.putFact("ring", "before");
        // Facts are first written to this file: it is a full device now
        Files.createSymbolicLink(directory.resolve("tmp/facts"), FULL_DEVICE);

        store.putFact("ring", "now");

        assertThat(store.fact("ring")).contains("now");
        assertThat(store.disk().condition()).isEqualTo(Condition.FULL);
        assertThat(Files.readString(directory.resolve("facts.json"))).contains("before");
        Files.delete(directory.resolve("tmp/facts"));
        later(Duration.ofSeconds(1));
        assertThat(Files.readString(directory.resolve("facts.json"))).contains("now");
        assertThat(store.disk().isGood()).isTrue();
    }

    @Test
    void the_ballast_is_part_of_the_reserve_and_released_when_the_disk_is_full() throws IOException {
        long reserve = 1024 * 1024;
        store.close();
        store = NodeStore.open(directory, reserve, nanos::get);
        long before = store.usableBytes();
        store.checkDisk();
        Path ballast = directory.resolve("ballast");
        assertThat(ballast).hasSize(reserve / 4);
        assertThat(store.usableBytes()).isGreaterThan(before - reserve / 8);
        Files.createSymbolicLink(directory.resolve("tmp/facts"), FULL_DEVICE);

        store.putFact("ring", "now");

        assertThat(ballast).isEmptyFile();
        Files.delete(directory.resolve("tmp/facts"));
        store.checkDisk();
        assertThat(ballast).hasSize(reserve / 4);
    }

    @Test
    void a_write_without_room_is_tried_again_after_ballast_was_released() throws Exception {
        store.close();
        store = NodeStore.open(directory, 1024 * 1024, nanos::get);
        store.checkDisk();
        Layout layout = new Layout(directory);
        Disk disk = new Disk(layout, 1024 * 1024, nanos::get);
        Database.Commits nothing = new Database.Commits() {
            @Override
            public void begun(SqlSession session) {}

            @Override
            public boolean committed(SqlSession session) {
                return false;
            }
        };
        int[] tries = new int[1];
        try (Database database = new Database(directory.resolve("other.db"), nothing, disk, WriterThread::new,
                () -> "id")) {
            boolean written = database.write(session -> {
                if (tries[0]++ < 2) {
                    throw new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL);
                }
                return true;
            });
            assertThat(written).isTrue();
            assertThat(layout.ballast()).hasSize(1024 * 1024 / 4 - 2 * 64 * 1024);
            // Without ballast the caller gets the error
            assertThatThrownBy(() -> database.write(session -> {
                throw new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL);
            })).isInstanceOf(DiskFullException.class);
            assertThat(layout.ballast()).isEmptyFile();
        }
    }

    @Test
    void other_users_cannot_read_the_files_of_a_node() throws IOException {
        store.putFact("ring", "secret");
        Samples.put(store, BLOCK, "u");
        Samples.store(store, Samples.record("a", 1, BLOCK.length, Content.ofBlocks(List.of(Sha256.of(BLOCK)))));
        store.checkDisk();

        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                Set<PosixFilePermission> allowed =
                        PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------");
                assertThat(Files.getPosixFilePermissions(path)).as(path.toString()).isEqualTo(allowed);
            }
        }
    }

    @Test
    void a_node_restricts_its_own_directory_but_not_one_with_other_content() throws IOException {
        Set<PosixFilePermission> open = PosixFilePermissions.fromString("rwxr-xr-x");
        store.close();
        Files.setPosixFilePermissions(directory, open);
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setPosixFilePermissions(shared, open);
        Files.writeString(shared.resolve("of somebody else"), "");

        open();
        NodeStore.open(shared, Samples.NO_RESERVE).close();

        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(shared)).isEqualTo(open);
        assertThat(Files.getPosixFilePermissions(shared.resolve("data")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void a_failing_sender_is_not_a_failure_of_the_disk() {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[70_000]),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new FileNotFoundException("of the sender");
                    }
                });

        assertThatThrownBy(() -> store.blocks().put(Sha256.of(BLOCK), broken, "u"))
                .isInstanceOf(FileNotFoundException.class);

        assertThat(store.disk().isGood()).isTrue();
    }
}
