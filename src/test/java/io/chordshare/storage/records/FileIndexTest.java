package io.chordshare.storage.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIndexTest {

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

    private static FileEntry entry(String name, long counter) {
        return Samples.inline(name, counter, "x").entry();
    }

    @Test
    void an_entry_is_read_back_unchanged() {
        FileEntry entry = entry("a b/ü.txt", 4);

        assertThat(store.index().merge(entry)).isTrue();

        assertThat(store.index().get("a b/ü.txt")).contains(entry);
        assertThat(store.index().get("other")).isEmpty();
    }

    @Test
    void only_newer_entries_are_news() {
        assertThat(store.index().merge(List.of(entry("a", 2), entry("b", 1)))).isTrue();
        assertThat(store.index().merge(List.of(entry("a", 1), entry("b", 1)))).isFalse();
        assertThat(store.index().merge(List.of(entry("a", 1), entry("b", 2)))).isTrue();
        assertThat(store.index().merge(List.of())).isFalse();

        assertThat(store.index().get("a").orElseThrow().version().counter()).isEqualTo(2);
    }

    @Test
    void pages_are_sorted_by_bytes_and_match_their_prefix() {
        // In UTF-16 the emoji sorts before the fullwidth letter, by UTF-8 bytes after it
        List<String> names = List.of("a", "a/0", "a/1", "a/ä", "a/\uff21", "a/\ud83d\ude00", "a/\udbff\udfff", "a0",
                "b", "ä", "äz", "\ud83d\ude00", "A", "%", "_");
        names.forEach(name -> store.index().merge(entry(name, 1)));
        store.index().merge(Samples.deleted("a/gone", 1).entry());
        for (String prefix : List.of("", "a", "a/", "ä", "\ud83d\ude00", "%", "nothing")) {
            List<String> expected = names.stream().filter(name -> name.startsWith(prefix))
                    .sorted((left, right) -> Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8),
                            right.getBytes(StandardCharsets.UTF_8))).toList();

            List<String> walked = new ArrayList<>();
            for (List<FileEntry> page = store.index().page(prefix, null, 2); !page.isEmpty();
                    page = store.index().page(prefix, walked.getLast(), 2)) {
                walked.addAll(Samples.names(page));
            }
            assertThat(walked).as("prefix '%s'", prefix).isEqualTo(expected);
        }
        assertThat(Samples.names(store.index().page("b", "a", 10))).containsExactly("b");
        assertThat(store.index().page("a", "b", 10)).isEmpty();
    }

    @Test
    void the_feed_delivers_every_change_in_order() {
        store.index().merge(List.of(entry("a", 1), entry("b", 1)));
        Samples.store(store, Samples.inline("c", 1, "x"));
        IndexChanges first = store.index().changesSince(0, 2);
        assertThat(Samples.names(first.entries())).containsExactly("a", "b");
        assertThat(first.epoch()).isEqualTo(store.index().epoch());

        store.index().merge(entry("a", 2));
        store.index().merge(entry("a", 1));
        Samples.store(store, Samples.deleted("b", 2));

        IndexChanges rest = store.index().changesSince(first.last(), 10);
        assertThat(Samples.names(rest.entries())).containsExactly("c", "a", "b");
        assertThat(rest.entries().getLast().deleted()).isTrue();
        IndexChanges none = store.index().changesSince(rest.last(), 10);
        assertThat(none.entries()).isEmpty();
        assertThat(none.last()).isEqualTo(rest.last());
    }

    @Test
    void the_feed_continues_after_a_restart() {
        store.index().merge(entry("a", 1));
        String epoch = store.index().epoch();
        long last = store.index().changesSince(0, 10).last();
        store.close();
        open();
        store.index().merge(entry("b", 1));

        assertThat(store.index().epoch()).isEqualTo(epoch);
        assertThat(Samples.names(store.index().changesSince(last, 10).entries())).containsExactly("b");
    }

    @Test
    void files_for_all_nodes_are_lacking_until_their_bytes_are_here() throws IOException {
        byte[] block = Samples.bytes(100, 1);
        FileRecord everywhere = Samples.record("all", 1, 100, Content.ofBlocks(List.of(Sha256.of(block))));
        FileRecord two = Samples.record(Samples.key("two"), "two", 1, 0, new Copies(2), Content.none());
        store.index().merge(List.of(everywhere.entry(), two.entry(), Samples.deleted("gone", 1).entry()));
        assertThat(Samples.names(store.index().lacking(5, 10, 0))).containsExactly("all");

        Samples.store(store, everywhere);
        assertThat(Samples.names(store.index().lacking(5, 10, 0))).as("no block yet").containsExactly("all");
        Samples.put(store, block, "u");
        Samples.lookForBytes(store, everywhere.key());
        assertThat(store.index().lacking(5, 10, 0)).isEmpty();

    }

    @Test
    void a_file_is_outdated_from_a_newer_line_until_its_record_also_when_the_line_says_that_it_was_deleted() {
        FileRecord old = Samples.inline("a", 1, "old");
        FileRecord newer = Samples.inline("a", 2, "x");
        Samples.store(store, old);
        Samples.store(store, Samples.inline("b", 1, "b"));
        assertThat(store.index().outdated(10, 0)).isEmpty();

        store.index().merge(newer.entry());
        store.index().merge(Samples.deleted("b", 2).entry());
        assertThat(Samples.names(store.index().outdated(10, 0))).containsExactly("a", "b");
        assertThat(store.index().lacking(0, 10, 0)).as("files of which nothing is here").isEmpty();
        store.close();
        open();
        assertThat(Samples.names(store.index().outdated(10, 0))).as("after a restart").containsExactly("a", "b");

        Samples.store(store, newer);
        Samples.store(store, Samples.deleted("b", 2));
        assertThat(store.index().outdated(10, 0)).isEmpty();
    }

    @Test
    void what_an_older_version_left_outdated_is_found_at_the_start() throws SQLException {
        Samples.store(store, Samples.inline("a", 1, "old"));
        store.index().merge(Samples.inline("a", 2, "x").entry());
        store.close();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/records.db"));
                Statement statement = database.createStatement()) {
            statement.executeUpdate("DROP INDEX file_entry_outdated");
            statement.executeUpdate("UPDATE file_entry SET here = 0");
        }
        open();
        assertThat(Samples.names(store.index().outdated(10, 0))).containsExactly("a");
    }
}
