package io.chordshare.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** News of several files in one message, which older nodes read, too. */
class FileNewsTest {

    private static final Peer TELLER = new Peer(ChordId.ofName("teller"), "http://127.0.0.1:9", 1);
    private final JsonMapper json = JsonMapper.builder().build();

    private static FileEntry entry(String name) {
        return new FileEntry(FileRules.keyOf(name), name, new Version(7, "x"), false, 0, Sha256.of(new byte[0]),
                "text/plain", Instant.EPOCH, Copies.ALL);
    }

    @Test
    void news_of_one_file_are_what_they_were() {
        JsonNode one = json.valueToTree(FileNews.of(List.of(entry("a")), TELLER));
        assertThat(one.propertyNames()).containsExactlyInAnyOrder("entry", "teller");
        assertThat(json.treeToValue(one, FileNews.class).entries()).containsExactly(entry("a"));
    }

    @Test
    void an_older_version_finds_the_first_of_several_where_it_looks_for_the_only_one() {
        JsonNode several = json.valueToTree(FileNews.of(List.of(entry("a"), entry("b"), entry("c")), TELLER));
        assertThat(several.path("entry").path("name").asString()).isEqualTo("a");
        assertThat(json.treeToValue(several, FileNews.class).entries())
                .containsExactly(entry("a"), entry("b"), entry("c"));
    }

    @Test
    void one_message_has_news_of_64_files_at_the_most() {
        assertThat(FileNews.of(Collections.nCopies(64, entry("a")), TELLER).entries()).hasSize(64);
        assertThatThrownBy(() -> FileNews.of(Collections.nCopies(65, entry("a")), TELLER))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
