package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Uploads from forms, with the bytes that browsers send. */
@ExtendWith(SharedRing.class)
class MultipartTest {

    private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=" + BOUNDARY;

    private final LocalNodes ring;
    private final Api api;

    MultipartTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @Test
    void one_file_is_stored_under_its_name() {
        Reply reply = post(form().file("form/one.txt", "text/plain", Api.bytes("one")));
        reply.assertStatus(201);
        JsonNode result = reply.json().path("results").get(0);
        assertThat(reply.json().path("results").size()).isEqualTo(1);
        assertThat(result.path("name").asString()).isEqualTo("form/one.txt");
        assertThat(result.path("status").asInt()).isEqualTo(201);
        assertThat(result.path("file").path("size").asInt()).isEqualTo(3);
        Reply read = ring.api(1).get("/files/form/one.txt").assertStatus(200);
        assertThat(read.text()).isEqualTo("one");
        assertThat(read.header("Content-Type")).isEqualTo("text/plain");
    }

    @Test
    void several_files_in_folders_are_stored_each_with_a_result_in_order() {
        byte[] large = Api.randomBytes(4 * 1024 * 1024 + 1);
        Reply reply = post(form().file("form/folder/a.bin", "image/png", large).field("comment", "ignored")
                .file("form/folder/sub/b", null, new byte[0]).file("form/folder/a.bin", null, Api.bytes("newer")));
        reply.assertStatus(201);
        assertThat(reply.json().path("results").valueStream().map(result -> result.path("name").asString() + " "
                + result.path("status").asInt()).toList())
                .containsExactly("form/folder/a.bin 201", "form/folder/sub/b 201", "form/folder/a.bin 200");
        assertThat(ring.api(1).get("/files/form/folder/a.bin").text()).isEqualTo("newer");
        assertThat(ring.api(2).get("/files/form/folder/sub/b").assertStatus(200).body()).isEmpty();
    }

    @Test
    void a_large_file_of_a_form_arrives_whole() {
        byte[] large = Api.randomBytes(9 * 1024 * 1024 + 1);
        post(form().file("form/large.bin", null, large)).assertStatus(201);
        assertThat(ring.api(2).get("/files/form/large.bin").body()).isEqualTo(large);
    }

    @Test
    void a_bad_name_costs_only_its_own_part() {
        Reply reply = post(form().file("form/before", null, Api.bytes("x")).file("form/../../etc/passwd", null, Api.bytes("y"))
                .file("form/after", null, Api.bytes("z")));
        assertThat(reply.status()).as(reply.describe()).isEqualTo(207);
        JsonNode refused = reply.json().path("results").get(1);
        assertThat(refused.path("status").asInt()).isEqualTo(400);
        assertThat(refused.path("problem").path("type").asString()).isEqualTo("urn:chordshare:problem:invalid-name");
        assertThat(refused.path("problem").path("detail").asString()).isNotBlank();
        api.get("/files/form/before").assertStatus(200);
        api.get("/files/form/after").assertStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"form/Übersicht 日本.txt", "form/🎉.png", "form/semi;colon.txt", "form/100% it's.txt"})
    void file_names_are_read_as_browsers_send_them(String sent) {
        Reply reply = post(form().file(sent, null, Api.bytes(sent)));
        assertThat(reply.status()).as(reply.describe()).isIn(200, 201);
        String name = reply.json().path("results").get(0).path("name").asString();
        assertThat(name).isEqualTo(sent);
        assertThat(ring.api(1).get("/files/" + Api.encode(name)).assertStatus(200).text()).isEqualTo(sent);
    }

    @Test
    void a_form_without_a_file_is_refused() {
        post(form().field("file", "no file name, so no file")).assertProblem(400);
        post(form().field("other", "x")).assertProblem(400);
        post(form()).assertProblem(400);
    }

    @Test
    void a_file_field_left_empty_is_no_file() {
        // what a browser sends for <input type=file> with nothing chosen
        Reply reply = post(form().file("", "application/octet-stream", new byte[0]));
        assertThat(reply.status()).as(reply.describe()).isIn(207, 400);
    }

    @Test
    void what_is_no_form_is_refused() {
        api.post("/files", "body", "Content-Type: text/plain").assertProblem(415);
        api.post("/files", "{}", "Content-Type: application/json").assertProblem(415);
        api.post("/files", "a=b", "Content-Type: application/x-www-form-urlencoded").assertProblem(415);
        api.post("/files", "body").assertProblem(415);
        api.post("/files", "no parts at all", "Content-Type: multipart/form-data").assertProblem(400);
        api.post("/files", "no parts at all", FORM).assertProblem(400);
        api.post("/files?copies=zero", "x", FORM).assertProblem(400);
    }

    @Test
    void copies_hold_for_all_parts() {
        Reply reply = api.send("POST", "/files?copies=2", BodyPublishers.ofByteArray(
                form().file("form/two", null, Api.bytes("x")).end()), FORM).assertStatus(201);
        assertThat(reply.json().path("results").get(0).path("file").path("copies").asString()).isEqualTo("2");
    }

    @Test
    void a_form_that_ends_early_does_not_store_the_part_it_ends_in() throws Exception {
        byte[] whole = form().file("form/cut-first", null, Api.bytes("whole")).file("form/cut-last", null,
                Api.randomBytes(200_000)).end();
        byte[] cut = Arrays.copyOf(whole, whole.length - 100_000);
        RawClient raw = ring.node(0).raw();
        raw.abandon(raw.head("POST", "/files", "Content-Length: " + whole.length, FORM), cut);
        Reply reply = raw.exchange(raw.head("POST", "/files", "Content-Length: " + cut.length, FORM), cut);
        assertThat(reply.status()).as(reply.describe()).isIn(207, 400);
        await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> api.get("/files/form/cut-last").assertProblem(404));
    }

    private Reply post(Form form) {
        return api.send("POST", "/files", BodyPublishers.ofByteArray(form.end()), FORM);
    }

    private static Form form() {
        return new Form();
    }

    private static final class Form {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Form file(String name, @Nullable String type, byte[] content) {
            bytes.writeBytes(Api.bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                    + name + "\"\r\n" + (type == null ? "" : "Content-Type: " + type + "\r\n") + "\r\n"));
            bytes.writeBytes(content);
            bytes.writeBytes(Api.bytes("\r\n"));
            return this;
        }

        Form field(String name, String value) {
            bytes.writeBytes(Api.bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n"
                    + value + "\r\n"));
            return this;
        }

        byte[] end() {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.writeBytes(bytes.toByteArray());
            whole.writeBytes(Api.bytes("--" + BOUNDARY + "--\r\n"));
            return whole.toByteArray();
        }
    }
}
