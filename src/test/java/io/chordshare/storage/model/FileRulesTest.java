package io.chordshare.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.Samples;
import io.chordshare.storage.records.RecordJson;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A record or index entry that breaks a rule cannot be created, not even from JSON. */
class FileRulesTest {

    private static final JsonMapper JSON = RecordJson.MAPPER;
    private static final FileRecord WHOLE = Samples.inline("reports/2026.txt", 3, "hello");

    private static ObjectNode json() {
        return (ObjectNode) JSON.valueToTree(WHOLE);
    }

    private static void assertRefused(ObjectNode json) {
        assertThatThrownBy(() -> JSON.treeToValue(json, FileRecord.class)).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> JSON.treeToValue(json.without("content"), FileEntry.class))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void a_valid_record_is_read_back_unchanged() {
        assertThat(JSON.treeToValue(json(), FileRecord.class)).usingRecursiveComparison().isEqualTo(WHOLE);
        assertThat(JSON.treeToValue(JSON.valueToTree(WHOLE.entry()), FileEntry.class)).isEqualTo(WHOLE.entry());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "key | \"zzz\"", "key | \"0000000000000000000000000000000000000000\"", "name | \"reports/2027.txt\"",
        "name | \"\"", "name | \"a//b\"", "name | \"../x\"", "name | \"a\\nb\"", "name | \"\\ud800\"",
        "name | \"e\\u0301\"",
        "version | {\"counter\":9223372036854775807,\"writer\":\"x\"}",
        "version | {\"counter\":9007199254740991,\"writer\":\"x\"}", "version | {\"counter\":0,\"writer\":\"x\"}",
        "version | {\"counter\":-1,\"writer\":\"x\"}", "version | {\"counter\":1,\"writer\":\"\"}",
        "version | {\"counter\":1,\"writer\":\"a b\"}", "version | {\"counter\":1}", "version | null", "size | -1",
        "size | 4398046511105", "sha256 | \"zz\"", "sha256 | null",
        "contentType | \"text\"", "contentType | \"*/*\"", "contentType | \"text/plain\\r\\nX: y\"",
        "contentType | null",
        "modified | \"1969-12-31T23:59:59Z\"", "modified | \"+10000-01-01T00:00:00Z\"", "modified | null",
        "copies | \"0\"", "copies | \"-3\"", "copies | \"some\"", "copies | null", "deleted | true"})
    void each_rule_is_kept(String field, String value) {
        ObjectNode json = json();
        if (field.equals("name") && !value.contains("2027")) {
            json.put("key", Samples.key(JSON.readTree(value).asString()));
        }
        json.set(field, JSON.readTree(value));
        assertRefused(json);
    }

    @Test
    void a_name_has_at_most_1024_bytes() {
        String name = "n".repeat(FileRules.MAX_NAME_BYTES);
        assertThatCode(() -> Samples.inline(name, 1, "")).doesNotThrowAnyException();
        assertRefused(json().put("name", name + "n").put("key", Samples.key(name + "n")));
    }

    @Test
    void a_writer_and_a_media_type_are_short() {
        ObjectNode writer = json();
        ((ObjectNode) writer.get("version")).put("writer", "w".repeat(129));
        assertRefused(writer);
        assertRefused(json().put("contentType", "text/" + "t".repeat(FileRules.MAX_MEDIA_TYPE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain;charset=UTF-8", "application/vnd.ms-excel", "image/svg+xml",
        "text/html; charset=\"utf-8\"", "a/b;x=\"quoted \\\" \u00e9\";y=1", "text/plain;charset='utf-8'"})
    void usual_media_types_are_accepted(String type) {
        assertThat(FileRules.isMediaType(type)).isTrue();
    }

    @Test
    void inline_bytes_must_match_size_and_hash() {
        byte[] other = {1, 2, 3, 4, 5};
        ObjectNode inline = json();
        ((ObjectNode) inline.get("content")).put("inline", other);
        assertThatThrownBy(() -> JSON.treeToValue(inline, FileRecord.class)).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> JSON.treeToValue(json().put("size", 6), FileRecord.class))
                .isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> Content.inline(new byte[Content.MAX_INLINE_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4194304, 1", "4194305, 2", "4294967296, 1024"})
    void a_file_has_as_many_blocks_as_its_size_says(long size, int blocks) {
        assertThatCode(() -> blocks(size, blocks)).doesNotThrowAnyException();
        assertThatThrownBy(() -> blocks(size, blocks - 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> blocks(size, blocks + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static FileRecord blocks(long size, int count) {
        return Samples.record("a", 1, size, Content.ofBlocks(hashes(count)));
    }

    private static List<Sha256> hashes(int count) {
        return Collections.nCopies(count, Sha256.of(new byte[1]));
    }

    @Test
    void a_longer_file_has_as_many_list_blocks_as_its_size_says() {
        long size = (long) Content.MAX_LISTED * Content.BLOCK_BYTES + 1;
        assertThatCode(() -> Samples.record("a", 1, size, Content.ofListBlocks(hashes(2)))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Samples.record("a", 1, size, Content.ofListBlocks(hashes(1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Content.ofListBlocks(hashes(Content.MAX_LISTED + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Content(null, hashes(1), hashes(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_counter_follows_the_stored_version_or_a_clock() {
        Instant now = Instant.parse("2026-11-28T12:00:00Z");
        long micros = now.getEpochSecond() * 1_000_000;
        assertThat(new Version(1, "x").isExplainedBy(Version.NONE, now)).isTrue();
        assertThat(new Version(micros, "x").isExplainedBy(Version.NONE, now)).isTrue();
        assertThat(new Version(2 * micros, "x").isExplainedBy(Version.NONE, now)).isFalse();
        assertThat(new Version(2 * micros + 1, "x").isExplainedBy(new Version(2 * micros, "x"), now)).isTrue();
        assertThat(new Version(Version.MAX_COUNTER, "x").isExplainedBy(new Version(micros, "x"), now)).isFalse();
        assertThat(new Version(1000, "x").isExplainedBy(Version.NONE, Instant.EPOCH)).as("a clock without a battery")
                .isTrue();
    }

    @Test
    void a_page_of_the_index_is_limited() {
        List<FileEntry> many = Collections.nCopies(IndexChanges.MAX_ENTRIES + 1, WHOLE.entry());
        assertThatThrownBy(() -> new IndexChanges("e", many, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IndexChanges("e", List.of(), -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IndexChanges("e".repeat(65), List.of(), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Null inside a list is refused. */
    @Test
    void null_in_a_list_is_refused() {
        JsonNode hole = JSON.readTree("{\"epoch\":\"e\",\"entries\":[null],\"last\":1}");
        assertThatThrownBy(() -> JSON.treeToValue(hole, IndexChanges.class)).isInstanceOf(JacksonException.class);
    }
}
