package io.chordshare.storage.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.SlotRecords.Line;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Invalid data that an older version accepted from a peer does no harm. */
class StoredRulesTest {

    private static final String OLD_KEY = "zzz";
    private static final byte[] BLOCK = Samples.bytes(100, 1);

    @TempDir
    private Path directory;
    private NodeStore store;

    @BeforeEach
    void open() {
        store = NodeStore.open(directory, Samples.NO_RESERVE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Changes the database as an older version would have left it. */
    private void reopenAfter(Change change) throws SQLException {
        store.close();
        try (SqlSession session = SqlSession.open(new Layout(directory).database(), false)) {
            session.update("DELETE FROM meta WHERE name = 'rules'");
            change.make(session);
        }
        open();
    }

    private interface Change {
        void make(SqlSession session) throws SQLException;
    }

    private int refused() throws SQLException {
        store.close();
        try (SqlSession session = SqlSession.open(new Layout(directory).database(), false)) {
            return session.first("SELECT count(*) FROM refused", row -> row.getInt(1)).orElseThrow();
        } finally {
            open();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void invalid_index_entries_are_neither_listed_nor_sent_and_block_no_name() throws SQLException {
        for (String name : List.of("good", "key", "counter", "clock", "type", "time")) {
            store.index().merge(Samples.inline(name, 1, "x").entry());
        }
        reopenAfter(session -> {
            session.update("UPDATE file_entry SET key = ? WHERE name = ?", OLD_KEY, bytes("key"));
            session.update("UPDATE file_entry SET counter = ? WHERE name = ?", Long.MAX_VALUE, bytes("counter"));
            session.update("UPDATE file_entry SET counter = ? WHERE name = ?", Version.MAX_COUNTER - 1, bytes("clock"));
            session.update("UPDATE file_entry SET content_type = ? WHERE name = ?", "t".repeat(5000), bytes("type"));
            session.update("UPDATE file_entry SET modified = ? WHERE name = ?", "yesterday", bytes("time"));
            session.update("INSERT INTO file_entry SELECT ?, key, counter, writer, deleted, size, sha256, content_type,"
                    + " modified, copies, seq + 100, here FROM file_entry WHERE name = ?", new byte[0], bytes("good"));
        });

        assertThat(Samples.names(store.index().page("", null, 10))).containsExactly("good", "type");
        assertThat(store.index().get("type").orElseThrow().contentType()).isEqualTo("application/octet-stream");
        assertThat(Samples.names(store.index().changesSince(0, 10).entries())).containsExactly("good", "type");
        assertThat(store.index().merge(Samples.inline("counter", 1, "x").entry())).isTrue();
        assertThat(refused()).isEqualTo(5);
    }

    @Test
    void an_invalid_record_is_replaceable_and_its_blocks_are_kept() throws Exception {
        FileRecord record = Samples.record("a", 1, 100, Content.ofBlocks(List.of(Sha256.of(BLOCK))));
        Samples.put(store, BLOCK, "u");
        Samples.store(store, record);
        store.blocks().release("u");
        Samples.store(store, Samples.inline("good", 1, "x"));
        reopenAfter(session -> {
            ObjectNode json = (ObjectNode) RecordJson.MAPPER.valueToTree(record);
            ((ObjectNode) json.get("version")).put("counter", Long.MAX_VALUE);
            session.update("UPDATE record SET counter = ?, body = ? WHERE key = ?", Long.MAX_VALUE,
                    RecordJson.MAPPER.writeValueAsBytes(json), record.key());
        });

        assertThat(store.records().state(record.key())).isEmpty();
        assertThat(store.records().get(record.key())).isEmpty();
        assertThat(store.slots().read(record.key())).isEqualTo(StoredRegister.EMPTY);
        assertThat(Samples.lines(store)).extracting(Line::key).containsExactly(Samples.key("good"));
        assertThat(store.blocks().has(Sha256.of(BLOCK))).as("there is no reason to delete it").isTrue();
        assertThat(refused()).isEqualTo(1);
        assertThat(Samples.store(store, Samples.inline("a", 2, "next"))).isTrue();
    }

    @Test
    void a_file_with_only_an_invalid_media_type_is_kept() throws SQLException {
        FileRecord record = Samples.inline("a", 1, "hello");
        Samples.store(store, record);
        reopenAfter(session -> {
            ObjectNode json = (ObjectNode) RecordJson.MAPPER.valueToTree(record);
            json.put("contentType", "text/plain; x=\"\u0001\"");
            session.update("UPDATE record SET body = ? WHERE key = ?", RecordJson.MAPPER.writeValueAsBytes(json),
                    record.key());
        });

        FileRecord back = store.records().get(record.key()).orElseThrow();
        assertThat(back.contentType()).isEqualTo("application/octet-stream");
        assertThat(back.content().inline()).isEqualTo(record.content().inline());
        assertThat(refused()).isZero();
    }

    @Test
    void an_entry_without_a_record_is_unchecked_until_it_is_merged_again() throws SQLException {
        Samples.store(store, Samples.inline("own", 1, "x"));
        FileEntry heard = Samples.inline("heard", 5, "x").entry();
        FileEntry madeUp = Samples.inline("made-up", 5, "x").entry();
        store.index().merge(List.of(heard, madeUp));
        reopenAfter(session -> { });

        assertThat(store.index().checkedVersion("own").counter()).isEqualTo(1);
        assertThat(store.index().checkedVersion("heard")).isEqualTo(Version.NONE);
        assertThat(store.index().unknown(List.of(heard))).containsExactly(heard);
        assertThat(Samples.names(store.index().unchecked(10))).containsExactlyInAnyOrder("heard", "made-up");

        store.index().merge(heard);
        store.index().forget(List.of(heard, madeUp));
        assertThat(store.index().checkedVersion("heard").counter()).isEqualTo(5);
        assertThat(store.index().unchecked(10)).isEmpty();
        assertThat(Samples.names(store.index().page("", null, 10))).containsExactly("heard", "own");
    }

    @Test
    void many_rows_are_checked_and_the_valid_ones_are_kept() throws SQLException {
        for (int i = 0; i < 130; i++) {
            Samples.store(store, Samples.inline("file-" + i, 1, "x"));
        }
        reopenAfter(session -> session.update("UPDATE record SET writer = '' WHERE name = ?", bytes("file-77")));
        assertThat(Samples.lines(store)).hasSize(129);
        assertThat(Samples.names(store.index().page("", null, 1000))).hasSize(130);
    }
}
