package io.chordshare.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
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

/** What a node says and does when its disk has no room, or fails. */
class DiskTest {

    private static final byte[] BLOCK = Samples.bytes(100_000, 1);
    /** Every write to it fails with ENOSPC. */
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

    /** From now on nothing new can be made there, whoever tries. */
    private void breakDisk() throws IOException {
        Files.delete(directory.resolve("tmp"));
        Files.writeString(directory.resolve("tmp"), "in the way");
    }

    private void repairDisk() throws IOException {
        Files.delete(directory.resolve("tmp"));
        Files.createDirectory(directory.resolve("tmp"));
    }

    @Test
    void a_disk_that_fails_is_noticed_by_the_work_it_fails_and_again_when_it_works() throws IOException {
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
    void a_disk_that_fails_is_noticed_also_when_nobody_uses_it() throws IOException {
        breakDisk();

        later(Duration.ofMinutes(1));

        assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
    }

    @Test
    void a_database_that_is_gone_is_noticed_before_the_next_start() throws IOException {
        Path database = directory.resolve("data/records.db");
        Files.move(database, directory.resolve("data/elsewhere"));

        later(Duration.ofMinutes(1));

        assertThat(store.disk().condition()).isEqualTo(Condition.FAILING);
        Files.move(directory.resolve("data/elsewhere"), database);
        later(Duration.ofMinutes(1));
        assertThat(store.disk().isGood()).isTrue();
    }

    @Test
    void a_part_of_the_disk_that_fails_again_and_again_stays_a_failing_disk_between_the_failures() throws IOException {
        Sha256 hash = Sha256.of(BLOCK);
        // only this block cannot find its place
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
    void a_full_disk_says_so_and_is_good_again_once_it_has_room() {
        store.close();
        store = NodeStore.open(directory, Long.MAX_VALUE, nanos::get);

        assertThat(store.disk().condition()).isEqualTo(Condition.FULL);
        assertThat(store.disk().detail()).contains("507").doesNotContain(directory.toString());
        store.close();
        open();
        assertThat(store.disk().isGood()).isTrue();
    }

    @Test
    void after_sqlite_found_no_room_the_disk_is_full_until_a_write_succeeds() throws Exception {
        Layout layout = new Layout(directory);
        Disk disk = new Disk(layout, Samples.NO_RESERVE, nanos::get);

        StorageException failure = disk.failed(new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL));

        assertThat(failure).isInstanceOf(DiskFullException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FULL);
        assertThatThrownBy(() -> disk.look(() -> {
            throw new DiskFullException(null);
        })).isInstanceOf(DiskFullException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FULL);
        disk.look(() -> {});
        assertThat(disk.state().isGood()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, FULL", "Disk quota exceeded, FULL", "File too large, FULL",
        "There is not enough space on the disk, FULL", "Read-only file system, READ_ONLY",
        "Input/output error, FAILING"})
    void every_error_of_the_system_is_told_by_what_it_means(String reason, Condition condition) throws IOException {
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
    void when_sqlite_does_not_say_why_it_cannot_write_a_write_of_our_own_finds_out(String code) throws IOException {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);
        SQLiteException error = new SQLiteException("disk I/O error", SQLiteErrorCode.valueOf(code));

        assertThat(disk.failed(error)).isInstanceOf(StoreFailedException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FAILING);

        // the first write of our own that follows meets a device without room
        Files.createSymbolicLink(directory.resolve("tmp/probe-2"), FULL_DEVICE);
        assertThat(disk.failed(error)).isInstanceOf(DiskFullException.class);
        assertThat(disk.state().condition()).isEqualTo(Condition.FULL);
    }

    @Test
    void who_is_interrupted_does_not_make_the_disk_a_failing_one() throws IOException {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);

        assertThat(disk.failed(new ClosedByInterruptException())).isInstanceOf(StoreFailedException.class);

        assertThat(disk.state().isGood()).isTrue();
    }

    @Test
    void a_disk_that_does_not_answer_is_a_failing_one() throws Exception {
        Disk disk = new Disk(new Layout(directory), Samples.NO_RESERVE, nanos::get);
        disk.failed(new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_FULL));
        DiskState[] meanwhile = new DiskState[1];

        disk.look(() -> {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            meanwhile[0] = disk.state();
        });

        assertThat(meanwhile[0].condition()).isEqualTo(Condition.FAILING);
        assertThat(meanwhile[0].detail()).contains("not answered");
    }

    @Test
    void what_a_node_knows_of_itself_holds_without_room_and_is_written_when_there_is_some() throws IOException {
        store.putFact("ring", "before");
        // where a fact is written first: nothing fits there
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
    void the_ballast_is_a_part_of_the_reserve_and_given_up_when_nothing_else_is_left() throws IOException {
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
    void a_write_that_found_no_room_is_made_again_after_the_ballast_was_given_up() throws Exception {
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
        try (Database database = new Database(directory.resolve("other.db"), nothing, disk)) {
            boolean written = database.write(session -> {
                if (tries[0]++ < 2) {
                    throw new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL);
                }
                return true;
            });
            assertThat(written).isTrue();
            assertThat(layout.ballast()).hasSize(1024 * 1024 / 4 - 2 * 64 * 1024);
            // with nothing left to give up it is the caller who is told
            assertThatThrownBy(() -> database.write(session -> {
                throw new SQLiteException("no room", SQLiteErrorCode.SQLITE_FULL);
            })).isInstanceOf(DiskFullException.class);
            assertThat(layout.ballast()).isEmptyFile();
        }
    }

    @Test
    void nobody_else_can_read_what_a_node_keeps() throws IOException {
        store.putFact("ring", "secret");
        Samples.put(store, BLOCK, "u");
        store.records().put(Samples.record("a", 1, BLOCK.length, Content.ofBlocks(List.of(Sha256.of(BLOCK)))), true);
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
    void a_node_closes_its_directory_but_not_one_that_holds_other_things() throws IOException {
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
    void a_sender_that_breaks_off_is_no_failure_of_the_disk() {
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
