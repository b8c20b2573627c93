package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedRing.class)
class DownloadTest {

    private static final int BLOCK = 4 * 1024 * 1024;
    private static final int LARGE = BLOCK + 100_000;
    private static final byte[] LARGE_BYTES = Api.randomBytes(LARGE);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

    private final LocalNodes ring;
    private final Api api;

    DownloadTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @Test
    void a_download_has_all_headers_of_the_file() {
        byte[] bytes = Api.bytes("{\"a\":1}");
        String tag = api.put("/files/download/said.json", bytes, "Content-Type: application/json").header("ETag");
        for (Api node : ring.apis()) {
            Reply reply = node.get("/files/download/said.json").assertStatus(200);
            assertDescribed(reply, tag, bytes);
            assertThat(reply.body()).isEqualTo(bytes);
            assertThat(reply.header("Content-Disposition")).doesNotContain("attachment");

            Reply head = node.head("/files/download/said.json").assertStatus(200);
            assertDescribed(head, tag, bytes);
            assertThat(head.body()).isEmpty();
        }
    }

    private static void assertDescribed(Reply reply, String tag, byte[] bytes) {
        assertThat(reply.header("ETag")).isEqualTo(tag);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(bytes.length));
        assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(reply.header("Repr-Digest")).isEqualTo("sha-256=:"
                + Base64.getEncoder().encodeToString(Sha256.of(bytes, 0, bytes.length).toBytes()) + ":");
        assertThat(instant(reply.header("Last-Modified"))).isBetween(Instant.now().minus(Duration.ofMinutes(1)),
                Instant.now());
    }

    @Test
    void a_file_that_the_client_has_is_not_sent_again() {
        Reply put = api.put("/files/download/known", "body");
        Api other = ring.api(1);
        for (String condition : new String[] {"If-None-Match: " + put.header("ETag"), "If-None-Match: W/"
                + put.header("ETag"),
            "If-None-Match: *", "If-None-Match: \"x\", " + put.header("ETag")}) {
            Reply reply = other.get("/files/download/known", condition).assertStatus(304);
            assertThat(reply.body()).isEmpty();
            assertThat(reply.header("ETag")).isEqualTo(put.header("ETag"));
            other.head("/files/download/known", condition).assertStatus(304);
        }
    }

    @ParameterizedTest
    @CsvSource({"0-0, 0, 1", "0-99, 0, 100", "10-, 10, 4294294", "-1, 4294303, 1", "-5, 4294299, 5",
        "4194303-4194304, 4194303, 2", "4194304-4194304, 4194304, 1", "4190000-4200000, 4190000, 10001",
        "4294303-9999999999, 4294303, 1", "-9999999999, 0, 4294304", "0-4294303, 0, 4294304",
        "1-99999999999999999999, 1, 4294303", "000000000000000000000001-2, 1, 2", "-99999999999999999999, 0, 4294304"})
    void one_range_returns_exactly_its_bytes(String range, int from, int length) {
        large();
        for (Api node : ring.apis()) {
            Reply reply = node.get("/files/download/large", "Range: bytes=" + range).assertStatus(206);
            assertThat(reply.header("Content-Range")).isEqualTo("bytes " + from + "-" + (from + length - 1) + "/"
                    + LARGE);
            assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(length));
            assertThat(reply.header("ETag")).isNotEmpty();
            assertThat(reply.body()).isEqualTo(Arrays.copyOfRange(LARGE_BYTES, from, from + length));
        }
    }

    @Test
    void several_ranges_come_as_parts_with_their_bytes() {
        String etag = large();
        Reply reply = ring.api(1).get("/files/download/large", "Range: bytes=0-9, 4194300-4194309, -7")
                .assertStatus(206);
        assertThat(reply.header("Content-Type")).startsWith("multipart/byteranges; boundary=");
        assertThat(reply.header("ETag")).isEqualTo(etag);
        String boundary = reply.header("Content-Type").replaceFirst(".*boundary=", "").replace("\"", "");
        String[] parts = new String(reply.body(), StandardCharsets.ISO_8859_1).split("(\r\n)?--" + boundary);
        assertThat(parts).hasSize(5);
        assertPart(parts[1], 0, 10);
        assertPart(parts[2], 4_194_300, 10);
        assertPart(parts[3], LARGE - 7, 7);
        assertThat(parts[4]).startsWith("--");
    }

    private static void assertPart(String part, int from, int length) {
        int end = part.indexOf("\r\n\r\n");
        assertThat(part.substring(0, end)).containsIgnoringCase("Content-Range: bytes " + from + "-"
                + (from + length - 1)
                + "/" + LARGE).containsIgnoringCase("Content-Type: application/octet-stream");
        assertThat(part.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo(Arrays.copyOfRange(LARGE_BYTES, from, from + length));
    }

    @Test
    void unsatisfiable_ranges_among_several_are_left_out() {
        large();
        Reply reply = api.get("/files/download/large", "Range: bytes=5-6, 99999999-99999999").assertStatus(206);
        assertThat(reply.body()).isEqualTo(Arrays.copyOfRange(LARGE_BYTES, 5, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=4294304-", "bytes=99999999-999999999", "bytes=-0", "bytes=99999999999999999999-",
        "bytes=99999999999999999998-99999999999999999999", "bytes=-0,4294304-4294304"})
    void a_range_beyond_the_file_is_a_416_with_the_size(String range) {
        large();
        Reply reply = ring.api(1).get("/files/download/large", "Range: " + range).assertProblem(416,
                "unsatisfiable-range");
        assertThat(reply.header("Content-Range")).isEqualTo("bytes */" + LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-2", "bytes=a-b", "bytes", "bytes=", "lines=1-2", "bytes=1", "nonsense",
            "bytes=--1",
        "bytes=+1-2", "bytes=1-+2", "bytes=-+2", "bytes= 1-2", "bytes=1 -2", "bytes=1- 2", "bytes=1-2;", "bytes=0x1-2",
        "bytes=1-2,x", "bytes=,", "bytes=1.0-2", "byte=1-2", "bytes:1-2", "bytes=1-2 3-4"})
    void an_invalid_range_is_ignored(String range) {
        byte[] bytes = Api.bytes("0123456789");
        api.put("/files/download/ten", bytes);
        assertThat(api.get("/files/download/ten", "Range: " + range).assertStatus(200).body()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bytes=1-2", "bytes=1-2,", "bytes=, ,1-2", "bytes=1-2\t,  99-", " bytes=1-2 "})
    void a_range_may_have_the_spaces_and_commas_of_a_list(String range) {
        api.put("/files/download/ten", "0123456789");
        assertThat(api.get("/files/download/ten", "Range: " + range).assertStatus(206).text()).isEqualTo("12");
    }

    @Test
    void ranges_in_two_lines_are_one_value() {
        api.put("/files/download/ten", "0123456789");
        assertThat(api.get("/files/download/ten", "Range: bytes=1-2", "Range: 99-").assertStatus(206).text())
                .isEqualTo("12");
        api.get("/files/download/ten", "Range: bytes=1-2", "Range: bytes=3-4").assertStatus(200);
    }

    @Test
    void too_many_ranges_are_ignored() {
        api.put("/files/download/ten", "0123456789");
        api.get("/files/download/ten", "Range: bytes=" + "1-1,".repeat(101)).assertStatus(200);
    }

    @Test
    void an_empty_file_has_no_range() {
        api.put("/files/download/empty", "");
        assertThat(api.get("/files/download/empty", "Range: bytes=0-0").assertProblem(416).header("Content-Range"))
                .isEqualTo("bytes */0");
        // There are no last five bytes, but nothing is missing either
        assertThat(api.get("/files/download/empty", "Range: bytes=-5").assertStatus(200).body()).isEmpty();
        assertThat(api.get("/files/download/empty").assertStatus(200).body()).isEmpty();
        assertThat(api.head("/files/download/empty").assertStatus(200).header("Content-Length")).isEqualTo("0");
    }

    @Test
    void a_range_of_a_head_is_ignored() {
        large();
        Reply reply = api.head("/files/download/large", "Range: bytes=0-3").assertStatus(200);
        assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(LARGE));
    }

    @Test
    void download_makes_browsers_save_the_file_under_its_name() {
        String path = "/files/" + Api.encode("download/Übersicht \"2026\".txt");
        api.put(path, "body");
        String disposition = api.get(path + "?download").assertStatus(200).header("Content-Disposition");
        assertThat(disposition).startsWith("attachment").contains("filename*=UTF-8''%C3%9Cbersicht%20%222026%22.txt")
                .doesNotContain("download/");
        assertThat(api.get(path + "?download=true", "Range: bytes=0-1").assertStatus(206).header("Content-Disposition"))
                .startsWith("attachment");
    }

    @Test
    void the_only_consistency_value_is_any() {
        api.put("/files/download/any", "body");
        ring.apis().forEach(node ->
                assertThat(node.get("/files/download/any?consistency=any").assertStatus(200).text()).isEqualTo("body"));
        api.get("/files/download/any?consistency=bogus").assertProblem(400);
        api.get("/files/download/none?consistency=any").assertProblem(404);
        api.head("/files/download/any?consistency=bogus").assertStatus(400);
    }

    @Test
    void an_unknown_file_is_a_404() {
        for (Api node : ring.apis()) {
            node.get("/files/download/never-uploaded").assertProblem(404, "file-not-found");
            Reply head = node.head("/files/download/never-uploaded").assertStatus(404);
            assertThat(head.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "text/xml"})
    void content_from_users_cannot_run_as_a_script(String type) {
        String path = "/files/download/" + Api.encode(type).replace("%2F", "-");
        api.put(path, "<script>alert(1)</script>", "Content-Type: " + type);
        for (Reply reply : new Reply[] {ring.api(1).get(path).assertStatus(200),
            api.get(path, "Range: bytes=0-1").assertStatus(206)}) {
            assertThat(reply.header("Content-Type")).startsWith(type);
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("Content-Security-Policy")).contains("sandbox").doesNotContain("allow-");
        }
    }

    @Test
    void accept_headers_do_not_affect_downloads() {
        api.put("/files/download/picture.png", "no png", "Content-Type: image/png");
        api.get("/files/download/picture.png", "Accept: application/json").assertStatus(200);
        api.get("/files/download/missing.png", "Accept: image/png").assertProblem(404);
        api.get("/files/download/missing.png", "Accept: text/html").assertProblem(404);
    }

    /** Uploads the file unless it exists. Returns its tag. */
    private String large() {
        Reply head = api.head("/files/download/large");
        return head.status() == 200 ? head.header("ETag")
                : api.put("/files/download/large", LARGE_BYTES).assertStatus(201).header("ETag");
    }

    private static Instant instant(String httpDate) {
        return ZonedDateTime.parse(httpDate, HTTP_DATE).toInstant();
    }
}
