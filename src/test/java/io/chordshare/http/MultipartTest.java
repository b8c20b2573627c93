package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void several_files_in_folders_are_stored_with_results_in_order() {
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
    void a_large_file_of_a_form_is_stored_completely() {
        byte[] large = Api.randomBytes(9 * 1024 * 1024 + 1);
        post(form().file("form/large.bin", null, large)).assertStatus(201);
        assertThat(ring.api(2).get("/files/form/large.bin").body()).isEqualTo(large);
    }

    @Test
    void an_invalid_name_affects_only_its_own_part() {
        Reply reply = post(form().file("form/before", null, Api.bytes("x")).file("form/../../etc/passwd", null,
                Api.bytes("y"))
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // Browsers, and curl since 7.81
        "form/a %22quote%22.txt   | form/a \"quote\".txt",
        "form/100%25 %2522.txt    | form/100%25 %2522.txt",
        "form/50%.txt             | form/50%.txt",
        "form/back\\slash.txt     | form/back\\slash.txt",
        "form/at the end\\        | form/at the end\\",
        // curl --form-escape, and curl before 7.81
        "form/old \\\"quote\\\".txt | form/old \"quote\".txt",
        "form/old \\\\ slash.txt   | form/old \\ slash.txt"})
    void quotes_in_file_names_are_read_as_clients_encode_them(String sent, String name) {
        Reply reply = post(form().file(sent, null, Api.bytes(sent)));
        assertThat(reply.status()).as(reply.describe()).isEqualTo(201);
        assertThat(reply.json().path("results").get(0).path("name").asString()).isEqualTo(name);
        assertThat(ring.api(1).get("/files/" + Api.encode(name)).assertStatus(200).text()).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"filename*=UTF-8''form/%C3%BC.txt", "FILENAME=form/\u00fc.txt",
            "filename = \"form/\u00fc.txt\" ; x=y",
        "filename*=UTF-8''nothing; filename=\"form/\u00fc.txt\""})
    void other_forms_of_a_file_name_are_read_too(String parameter) {
        Reply reply = post(form().raw("content-disposition: Form-Data; NAME=file; " + parameter + "\r\n\r\nx"));
        assertThat(reply.json().path("results").get(0).path("name").asString()).isEqualTo("form/\u00fc.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"form/nul\u0000.txt", "form/line%0D%0Aend.txt", "form/%0A", "form/../up", "form/\u007f",
            ""})
    void an_invalid_name_is_one_failed_result_among_good_ones(String bad) {
        String good = "form/beside-" + Integer.toHexString(bad.hashCode());
        Reply reply = post(form().file(good + "-1", null, Api.bytes("1")).file(bad, null, Api.randomBytes(100_000))
                .file(good + "-2", null, Api.bytes("2")));
        assertThat(reply.status()).as(reply.describe()).isEqualTo(207);
        assertThat(statuses(reply)).containsExactly(201, 400, 201);
        assertThat(reply.json().path("results").get(1).path("problem").path("type").asString())
                .isEqualTo("urn:chordshare:problem:invalid-name");
        ring.api(1).get("/files/" + good + "-1").assertStatus(200);
        ring.api(2).get("/files/" + good + "-2").assertStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/mixed", "multipart/mixed; boundary=", "multipart/mixed; boundary=x",
            "multipart/form-data",
        "nonsense", "text/", "a/b; c", "text/plain; charset=nope", "*/*", ";;;", "application/x-www-form-urlencoded",
                ""})
    void an_odd_content_type_does_not_refuse_a_file(String type) {
        String name = "form/odd-" + Integer.toHexString(type.hashCode());
        Reply reply = post(form().file(name + "-1", type, Api.bytes("1")).file(name + "-2", "text/css",
                Api.bytes("2")));
        assertThat(statuses(reply)).as(reply.describe()).containsExactly(201, 201);
        assertThat(ring.api(1).get("/files/" + name + "-1").assertStatus(200).text()).isEqualTo("1");
        assertThat(ring.api(1).get("/files/" + name + "-2").assertStatus(200).header("Content-Type"))
                .isEqualTo("text/css");
    }

    @Test
    void each_unreadable_part_is_one_failed_result() {
        byte[] notUtf8 = "Content-Disposition: form-data; name=\"file\"; filename=\"form/\u00ff\"\r\n\r\nx"
                .getBytes(StandardCharsets.ISO_8859_1);
        Reply reply = post(form()
                .raw("Content-Disposition: form-data; name=\"file\"; filename=\"form/x\"\r\nX: " + "x".repeat(9_000)
                + "\r\n\r\nx")
                .raw("\r\nneither a name nor a disposition")
                .raw("Content-Disposition: attachment; filename=\"form/y\"\r\n\r\nx")
                .raw(notUtf8)
                .raw("Content-Disposition: form-data; name=\"file\"; "
                + "filename=\"form/z\"\r\nContent-Transfer-Encoding: base64\r\n"
                        + "\r\neA==")
                .raw("Content-Disposition: form-data; name=\"file\"; filename=\"form/good\"\r\nX-Other: y\r\n "
                        + "folded\r\n"
                        + "Content-Transfer-Encoding: binary\r\n\r\ngood"));
        assertThat(statuses(reply)).as(reply.describe()).containsExactly(413, 400, 400, 400, 415, 201);
        assertThat(ring.api(1).get("/files/form/good").text()).isEqualTo("good");
        for (String name : new String[] {"x", "y", "z"}) {
            api.get("/files/form/" + name).assertProblem(404);
        }
    }

    @Test
    void bytes_before_and_after_the_parts_are_ignored() {
        byte[] form = form().raw("Content-Disposition: form-data; name=\"file\"; filename=\"form/within\"\r\n\r\n")
                .end();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(Api.bytes("before\r\n--no boundary\r\n"));
        whole.writeBytes(form);
        whole.writeBytes(Api.randomBytes(300_000));
        api.send("POST", "/files", BodyPublishers.ofByteArray(whole.toByteArray()), FORM).assertStatus(201);
        assertThat(api.get("/files/form/within").assertStatus(200).body()).isEmpty();
    }

    @Test
    void a_form_with_too_many_parts_is_refused_and_its_first_files_are_kept() {
        Form form = form();
        for (int i = 0; i < 12_000; i++) {
            form.field("field", "x");
        }
        api.send("POST", "/files", BodyPublishers.ofByteArray(form.end()), FORM).assertProblem(413, "too-large");

        Form thousand = form().file("form/first", null, Api.bytes("x"));
        for (int i = 1; i < 1_000; i++) {
            thousand.field("field", "x");
        }
        assertThat(statuses(api.send("POST", "/files", BodyPublishers.ofByteArray(thousand.end()), FORM)))
                .containsExactly(201);
        Reply refused = post(thousand.file("form/last", null, Api.bytes("x"))).assertProblem(413);
        assertThat(refused.json().path("detail").asString()).contains("1000 parts", "1 files were stored");
        api.get("/files/form/last").assertProblem(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; boundary=\"\"",
            "; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x"})
    void an_invalid_boundary_is_refused(String boundary) {
        api.post("/files", "x", "Content-Type: multipart/form-data" + boundary).assertProblem(400);
    }

    @Test
    void a_quoted_boundary_is_read() {
        api.send("POST", "/files", BodyPublishers.ofByteArray(form().file("form/quoted", null, Api.bytes("x")).end()),
                "Content-Type: multipart/form-data; charset=utf-8; boundary=\"" + BOUNDARY + "\"").assertStatus(201);
    }

    @Test
    void a_form_without_a_file_is_refused() {
        post(form().field("file", "no file name, so no file")).assertProblem(400);
        post(form().field("other", "x")).assertProblem(400);
        post(form()).assertProblem(400);
    }

    @Test
    void an_empty_file_field_is_not_a_file() {
        // What a browser sends for <input type=file> without a chosen file
        Reply reply = post(form().file("", "application/octet-stream", new byte[0]));
        assertThat(reply.status()).as(reply.describe()).isIn(207, 400);
    }

    @Test
    void a_body_that_is_not_a_form_is_refused() {
        api.post("/files", "body", "Content-Type: text/plain").assertProblem(415);
        api.post("/files", "{}", "Content-Type: application/json").assertProblem(415);
        api.post("/files", "a=b", "Content-Type: application/x-www-form-urlencoded").assertProblem(415);
        api.post("/files", "body").assertProblem(415);
        api.post("/files", "no parts at all", "Content-Type: multipart/form-data").assertProblem(400);
        api.post("/files", "no parts at all", FORM).assertProblem(400);
        api.post("/files?copies=zero", "x", FORM).assertProblem(400);
    }

    @Test
    void copies_apply_to_all_parts() {
        Reply reply = api.send("POST", "/files?copies=2", BodyPublishers.ofByteArray(
                form().file("form/two", null, Api.bytes("x")).end()), FORM).assertStatus(201);
        assertThat(reply.json().path("results").get(0).path("file").path("copies").asString()).isEqualTo("2");
    }

    @Test
    void a_truncated_form_does_not_store_its_last_part() throws Exception {
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

    /** The form is refused for its content before the node sees that it is truncated. */
    @Test
    void a_refused_and_truncated_form_is_a_client_error() throws Exception {
        RawClient raw = ring.node(0).raw();
        for (byte[] form : List.of(form().end(), form().field("other", "x").end())) {
            Reply reply = raw.exchange(raw.head("POST", "/files", "Content-Length: " + (form.length + 12), FORM), form);
            reply.assertProblem(400);
        }
    }

    private static List<Integer> statuses(Reply reply) {
        return reply.json().path("results").valueStream().map(result -> result.path("status").asInt()).toList();
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
            bytes.writeBytes(Api.bytes("--" + BOUNDARY
                    + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                    + name + "\"\r\n" + (type == null ? "" : "Content-Type: " + type + "\r\n") + "\r\n"));
            bytes.writeBytes(content);
            bytes.writeBytes(Api.bytes("\r\n"));
            return this;
        }

        Form field(String name, String value) {
            bytes.writeBytes(Api.bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name
                    + "\"\r\n\r\n"
                    + value + "\r\n"));
            return this;
        }

        Form raw(String headersAndBody) {
            return raw(Api.bytes(headersAndBody));
        }

        Form raw(byte[] headersAndBody) {
            bytes.writeBytes(Api.bytes("--" + BOUNDARY + "\r\n"));
            bytes.writeBytes(headersAndBody);
            bytes.writeBytes(Api.bytes("\r\n"));
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
