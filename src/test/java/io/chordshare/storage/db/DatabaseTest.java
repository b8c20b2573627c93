package io.chordshare.storage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.Samples;
import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.recovery.StoreSweep;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed statement, for example on a full disk, does not affect later ones. */
class DatabaseTest {

    private static final String INSERT = "INSERT INTO meta (name, value) VALUES (?, ?)";
    private static final String LARGE = "x".repeat(200_000);

    @TempDir
    Path directory;
    private Database database;

    @BeforeEach
    void open() throws SQLException, IOException {
        Layout layout = new Layout(directory);
        StoreSweep.createDirectories(layout);
        database = new Database(layout.database(), new Database.Commits() {
            @Override
            public void begun(SqlSession session) {}

            @Override
            public boolean committed(SqlSession session) {
                return false;
            }
        }, new Disk(layout, Samples.NO_RESERVE, System::nanoTime), WriterThread::new,
                () -> "id");
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    /** From now on SQLite cannot add a page: it fails as on a full disk. */
    private static boolean fill(SqlSession session) throws SQLException {
        return session.first("PRAGMA max_page_count = 1", row -> true).orElseThrow();
    }

    private boolean insert(String name, String value) {
        return database.write(session -> session.update(INSERT, name, value) == 1);
    }

    private List<String> names() {
        return database.read(session ->
                session.list("SELECT name FROM meta WHERE name NOT IN ('epoch', 'slots') ORDER BY name",
                        row -> row.getString(1)));
    }

    @Test
    void a_statement_that_failed_on_a_full_disk_succeeds_once_there_is_room() {
        insert("before", "small");
        database.write(DatabaseTest::fill);

        for (int i = 0; i < 3; i++) {
            database.write(DatabaseTest::fill);
            assertThatThrownBy(() -> insert("too large", LARGE)).isInstanceOf(DiskFullException.class);
        }

        assertThat(insert("small", "small")).isTrue();
        assertThat(insert("large", LARGE)).isTrue();
        assertThat(names()).containsExactly("before", "large", "small");
    }

    @Test
    void a_write_without_room_does_not_fail_the_others_in_its_transaction() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch queued = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newCachedThreadPool()) {
            // While the writer is busy with this task, the next three are queued and form one batch
            CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> database.write(session -> {
                fill(session);
                busy.countDown();
                await(queued);
                return true;
            }), callers);
            await(busy);
            CompletableFuture<Boolean> before = CompletableFuture.supplyAsync(() -> insert("before", ""), callers);
            CompletableFuture<Boolean> large = CompletableFuture.supplyAsync(() -> database.write(session -> {
                fill(session);
                return session.update(INSERT, "large", LARGE) == 1;
            }), callers);
            CompletableFuture<Boolean> after = CompletableFuture.supplyAsync(() -> insert("after", ""), callers);
            Awaitility.await().until(() -> database.waiting() == 3);
            queued.countDown();

            assertThat(first.get(1, TimeUnit.MINUTES)).isTrue();
            assertThat(before.get(1, TimeUnit.MINUTES)).isTrue();
            assertThat(after.get(1, TimeUnit.MINUTES)).isTrue();
            assertThatThrownBy(() -> large.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(DiskFullException.class);
        }
        assertThat(names()).containsExactly("after", "before");
    }

    @Test
    void a_failed_query_does_not_affect_the_next_one() {
        insert("here", "small");

        for (int i = 0; i < 2 * Database.READERS; i++) {
            assertThatThrownBy(() -> database.read(session -> session.list("SELECT abs(-9223372036854775808) FROM meta",
                    row -> row.getLong(1)))).isInstanceOf(StoreFailedException.class);
        }

        assertThat(names()).containsExactly("here");
        assertThat(database.<Long>read(session -> session.first("SELECT abs(-1) FROM meta", row -> row.getLong(1))
                .orElseThrow())).isEqualTo(1);
    }

    @Test
    void indexes_that_nobody_uses_any_more_are_dropped_from_an_older_database() throws SQLException, IOException {
        database.write(session -> {
            session.update("CREATE INDEX record_digest ON record (key, fingerprint)");
            session.update("CREATE INDEX record_backlog ON record (id, size) WHERE wanted = 1 AND complete = 0");
            return true;
        });
        assertThat(recordIndexes()).contains("record_digest", "record_backlog");
        database.close();

        open();

        assertThat(recordIndexes()).containsExactly("record_lacking", "record_totals");
    }

    private List<String> recordIndexes() {
        return database.read(session -> session.list("SELECT name FROM sqlite_master WHERE type = 'index'"
                + " AND name GLOB 'record_*' ORDER BY name", row -> row.getString(1)));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("not reached within a minute");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
