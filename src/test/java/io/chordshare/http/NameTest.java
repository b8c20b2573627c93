package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is the raw request URI after {@code /files/}, percent-decoded once as strict UTF-8, then NFC. */
@ExtendWith(SharedRing.class)
class NameTest {

    private final LocalNodes ring;
    private final Api api;
    private final RawClient raw;

    NameTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
        this.raw = ring.node(0).raw();
    }

    @ParameterizedTest
    @ValueSource(strings = {"names/x%00y", "names/%01", "names/%7F", "names/%0d%0a", "names/%C2%85", "..", "names/..",
        "names/../x", "%2e%2e", "names/%2e%2e/x", "names/.%2e", "names/%2E./x", ".", "names/./x", "names/%2e",
                "names//b",
        "/names", "names/b/", "names/b%2F", "names%2F%2Fb", "%2Fnames", "names/%ff", "names/%c0%af", "names/%4",
                "names/%",
        "names/%zz", "names/%ed%a0%80", "names/%f4%90%80%80", "names/%u0041", "names/../../etc/passwd"})
    void an_invalid_name_is_refused_and_nothing_is_stored(String name) throws Exception {
        String before = names();
        raw.send("PUT", "/files/" + name, "body").assertProblem(400);
        raw.send("GET", "/files/" + name, "").assertProblem(400);
        raw.send("DELETE", "/files/" + name, "").assertProblem(400);
        raw.send("GET", "/locations/" + name, "").assertProblem(400);
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void a_name_has_at_most_1024_bytes() {
        String longest = "names/" + "x".repeat(1018);
        api.put("/files/" + longest, "body").assertStatus(201);
        assertThat(ring.api(1).get("/files/" + longest).assertStatus(200).text()).isEqualTo("body");
        api.put("/files/" + longest + "y", "body").assertProblem(400, "invalid-name");

        String umlauts = "names/" + "ä".repeat(509);
        api.put("/files/" + Api.encode(umlauts), "body").assertStatus(201);
        ring.api(1).get("/files/" + Api.encode(umlauts)).assertStatus(200);
        api.put("/files/" + Api.encode(umlauts + "y"), "body").assertProblem(400, "invalid-name");
    }

    @Test
    void a_put_without_a_name_is_refused() {
        String before = names();
        assertThat(api.put("/files/", "body").status()).isIn(400, 405);
        assertThat(api.put("/files", "body").status()).isIn(400, 405);
        assertThat(names()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "names/a%2Fb.txt        | names/a/b.txt",
        "names%2fc.txt          | names/c.txt",
        "names/semi;colon=1;x   | names/semi;colon=1;x",
        "names/plus+sign        | names/plus+sign",
        "names/plus%2Bcoded     | names/plus+coded",
        "names/with%20space     | names/with space",
        "names/100%25           | names/100%",
        "names/%252e%252e       | names/%2e%2e",
        "names/%252F            | names/%2F",
        "names/back%5Cslash     | names/back\\slash",
        "names/..%5C..          | names/..\\..",
        "names/question%3Fmark  | names/question?mark",
        "names/hash%23          | names/hash#",
        "names/a:b@c!$&'()*,~=  | names/a:b@c!$&'()*,~=",
        "names/%F0%9F%8E%89.png | names/🎉.png",
        "names/%E2%80%AEtxt     | names/\u202Etxt",
        "names/...              | names/...",
        "names/.hidden          | names/.hidden",
        "names/%7Bid%7D         | names/{id}",
        "names/%22quote%22      | names/\"quote\"",
        "%6E%61mes/coded        | names/coded"})
    void a_name_is_decoded_once(String sent, String meant) throws Exception {
        Reply created = raw.send("PUT", "/files/" + sent, "body of " + sent);
        assertThat(created.status()).as(created.describe()).isIn(200, 201);
        assertThat(created.json().path("name").asString()).isEqualTo(meant);
        assertThat(ring.node(1).raw().send("GET", "/files/" + sent, "").assertStatus(200).text()).isEqualTo("body of "
                + sent);

        // The same name, fully encoded, and at its location
        assertThat(ring.api(2).get("/files/" + Api.encode(meant)).assertStatus(200).text()).isEqualTo("body of "
                + sent);
        String location = created.header("Location");
        String path = location.substring(location.indexOf("/files/"));
        assertThat(ring.node(0).raw().send("GET", path, "").assertStatus(200).text()).isEqualTo("body of " + sent);
        assertThat(ring.api(2).get("/locations/" + Api.encode(meant)).assertStatus(200).json().path("name").asString())
                .isEqualTo(meant);
    }

    @Test
    void composed_and_decomposed_umlauts_are_one_file() {
        String composed = "names/Überraschung.txt";
        String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
        api.put("/files/" + Api.encode(decomposed), "mac").assertStatus(201);
        assertThat(ring.api(1).get("/files/" + Api.encode(composed)).assertStatus(200).text()).isEqualTo("mac");
        ring.api(2).put("/files/" + Api.encode(composed), "linux").assertStatus(200);
        assertThat(api.get("/files/" + Api.encode(decomposed)).text()).isEqualTo("linux");
        ring.api(1).delete("/files/" + Api.encode(decomposed)).assertStatus(204);
        api.get("/files/" + Api.encode(composed)).assertProblem(404);
    }

    @Test
    void a_fragment_or_a_raw_character_in_the_address_is_refused() throws Exception {
        raw.send("PUT", "/files/names/raw\"quote", "body").assertProblem(400);
        raw.send("PUT", "/files/names/raw\\slash", "body").assertProblem(400);
        raw.send("PUT", "/files/names/raw{brace}", "body").assertProblem(400);
    }

    @Test
    void paths_of_the_api_are_ordinary_names() {
        for (String name : new String[] {"ring", "files/files", "actuator/health", "peer/ping", "index.html",
                "error"}) {
            api.put("/files/" + name, name).assertStatus(201);
            assertThat(ring.api(1).get("/files/" + name).assertStatus(200).text()).isEqualTo(name);
            api.delete("/files/" + name).assertStatus(204);
        }
    }

    private String names() {
        return api.get("/files?limit=1000").assertStatus(200).json().path("files").valueStream()
                .map(file -> file.path("name").asString()).toList().toString();
    }
}
