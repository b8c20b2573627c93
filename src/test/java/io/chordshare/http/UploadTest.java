package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.model.Sha256;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedRing.class)
class UploadTest {

    private static final int MIB = 1024 * 1024;

    private final LocalNodes ring;
    private final Api api;

    UploadTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @Test
    void a_new_file_gets_201_etag_location_and_description() {
        byte[] bytes = Api.bytes("hello");
        Reply created = api.put("/files/upload/new%20file.txt", bytes, "Content-Type: text/plain;charset=UTF-8")
                .assertStatus(201);

        assertThat(created.header("ETag")).isEqualTo('"' + hash(bytes) + '"');
        assertThat(created.header("Location")).endsWith("/files/upload/new%20file.txt");
        JsonNode file = created.json();
        assertThat(file.propertyNames()).containsExactlyInAnyOrder("name", "size", "sha256", "contentType", "modified",
                "copies", "owner");
        assertThat(file.path("name").asString()).isEqualTo("upload/new file.txt");
        assertThat(file.path("size").asInt()).isEqualTo(5);
        assertThat(file.path("sha256").asString()).isEqualTo(hash(bytes));
        assertThat(file.path("contentType").asString()).isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(file.path("copies").asString()).isEqualTo("all");
        assertThat(Instant.parse(file.path("modified").asString()))
                .isBetween(Instant.now().minus(1, ChronoUnit.MINUTES),
                Instant.now().plusSeconds(1));
        assertThat(file.path("owner").propertyNames()).containsExactlyInAnyOrder("id", "address", "incarnation");
    }

    @Test
    void a_replaced_file_gets_200_and_every_node_serves_the_new_version() {
        api.put("/files/upload/replaced", "one").assertStatus(201);
        for (int i = 0; i < 6; i++) {
            String body = "version " + i;
            ring.api(i % 3).put("/files/upload/replaced", body).assertStatus(200);
            ring.apis().forEach(node ->
                    assertThat(node.get("/files/upload/replaced").assertStatus(200).text()).isEqualTo(body));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 9 * MIB + 1})
    void a_file_of_any_size_is_the_same_at_every_node(int size) {
        byte[] bytes = Api.randomBytes(size);
        ring.api(size % 3).put("/files/upload/size-" + size, bytes).assertStatus(201);
        for (Api node : ring.apis()) {
            Reply reply = node.get("/files/upload/size-" + size).assertStatus(200);
            assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(size));
            assertThat(reply.body()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 64 * 1024, 4 * MIB, 8 * MIB, 9 * MIB + 1})
    void a_chunked_body_of_unknown_length_is_stored(int size) {
        byte[] bytes = Api.randomBytes(size);
        api.send("PUT", "/files/upload/chunked-" + size,
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
                .assertStatus(201);
        assertThat(ring.api(1).get("/files/upload/chunked-" + size).body()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "7", "1000", "all"})
    void the_number_of_copies_is_taken_from_the_query(String copies) {
        Reply created = api.put("/files/upload/copies-" + copies + "?copies=" + copies, "body").assertStatus(201);
        assertThat(created.json().path("copies").asString()).isEqualTo(copies);
        ring.apis().forEach(node ->
                assertThat(node.get("/files/upload/copies-" + copies).assertStatus(200).text()).isEqualTo("body"));
    }

    @Test
    void a_large_file_with_one_copy_is_read_through_every_node() {
        byte[] bytes = Api.randomBytes(5 * MIB + 3);
        api.put("/files/upload/one-copy?copies=1", bytes).assertStatus(201);
        ring.apis().forEach(node -> assertThat(node.get("/files/upload/one-copy").assertStatus(200).body())
                .isEqualTo(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "two", "", "1.5", "99999999999", "ALL", "%20", "1,2", "%zz", "%2B2"})
    void an_invalid_number_of_copies_is_refused(String copies) throws Exception {
        ring.node(0).raw().send("PUT", "/files/upload/bad-copies?copies=" + copies, "body").assertProblem(400);
        api.get("/files/upload/bad-copies").assertProblem(404);
    }

    @Test
    void if_none_match_star_writes_only_a_new_file() {
        api.put("/files/upload/once", "first", "If-None-Match: *").assertStatus(201);
        ring.api(1).put("/files/upload/once", "second", "If-None-Match: *").assertProblem(412, "precondition-failed");
        assertThat(ring.api(2).get("/files/upload/once").text()).isEqualTo("first");
        api.delete("/files/upload/once").assertStatus(204);
        ring.api(2).put("/files/upload/once", "third", "If-None-Match: *").assertStatus(201);
    }

    @Test
    void if_match_replaces_only_the_given_version() {
        api.put("/files/upload/matched", "absent", "If-Match: \"" + "0".repeat(64) + '"').assertProblem(412);
        api.put("/files/upload/matched", "absent", "If-Match: *").assertProblem(412);
        api.get("/files/upload/matched").assertProblem(404);

        String first = api.put("/files/upload/matched", "first").assertStatus(201).header("ETag");
        String second = ring.api(1).put("/files/upload/matched", "second", "If-Match: " + first).assertStatus(200)
                .header("ETag");
        ring.api(2).put("/files/upload/matched", "third", "If-Match: " + first).assertProblem(412);
        ring.api(2).put("/files/upload/matched", "third", "If-Match: W/" + second).assertProblem(412);
        assertThat(api.get("/files/upload/matched").text()).isEqualTo("second");
        ring.api(2).put("/files/upload/matched", "third", "If-Match: \"x\", " + second).assertStatus(200);
        api.put("/files/upload/matched", "fourth", "If-Match: *").assertStatus(200);
    }

    @Test
    void if_none_match_with_a_tag_refuses_the_same_content() {
        String tag = api.put("/files/upload/tagged", "same").header("ETag");
        api.put("/files/upload/tagged", "same", "If-None-Match: " + tag).assertProblem(412);
        // RFC 9110, 13.1.2: weak comparison
        api.put("/files/upload/tagged", "same", "If-None-Match: W/" + tag).assertProblem(412);
        api.put("/files/upload/tagged", "other", "If-None-Match: \"else\"").assertStatus(200);
    }

    @Test
    void a_part_of_a_file_is_refused() {
        api.put("/files/upload/partial", "body", "Content-Range: bytes 0-3/100").assertProblem(400, "content-range");
        api.get("/files/upload/partial").assertProblem(404);
    }

    @Test
    void an_encoded_body_is_refused_except_identity() {
        api.put("/files/upload/encoded", "body", "Content-Encoding: gzip").assertProblem(415);
        api.put("/files/upload/encoded", "body", "Content-Encoding: br, gzip").assertProblem(415);
        api.put("/files/upload/encoded", "body", "Content-Encoding: identity", "Content-Encoding: gzip")
                .assertProblem(415);
        api.get("/files/upload/encoded").assertProblem(404);
        api.put("/files/upload/encoded", "body", "Content-Encoding: identity").assertStatus(201);
    }

    @Test
    void a_urlencoded_body_is_stored_unchanged() {
        String body = "a=1&b=%20+x&copies=zero";
        api.put("/files/upload/curl-d", body, "Content-Type: application/x-www-form-urlencoded").assertStatus(201);
        Reply read = ring.api(1).get("/files/upload/curl-d").assertStatus(200);
        assertThat(read.text()).isEqualTo(body);
        assertThat(read.header("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void a_multipart_body_of_a_put_is_stored_unchanged() {
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nx\r\n--b--\r\n";
        api.put("/files/upload/curl-f", body, "Content-Type: multipart/form-data; boundary=b").assertStatus(201);
        assertThat(ring.api(1).get("/files/upload/curl-f").text()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "text/", "*/*", "text/*", "text/plain; charset=nope", "a/b; c", ";",
            "te xt/plain"})
    void an_invalid_content_type_does_not_refuse_the_file(String type) throws Exception {
        String name = "/files/upload/type-" + Api.encode(type).replace("%2F", "_");
        ring.node(0).raw().send("PUT", name, "body", "Content-Type: " + type).assertStatus(201);
        assertThat(ring.api(1).get(name).assertStatus(200).text()).isEqualTo("body");
        assertThat(ring.api(1).get(name, "Range: bytes=1-2").assertStatus(206).text()).isEqualTo("od");
    }

    private static String hash(byte[] bytes) {
        return Sha256.of(bytes, 0, bytes.length).toString();
    }
}
