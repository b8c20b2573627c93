package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forged messages do no harm to any listing, name or file, at any node. */
@ExtendWith(SharedRing.class)
class ForgedMessagesTest {

    private static final String JSON = "Content-Type: application/json";
    private static final String TELLER = "{\"id\":\"" + "7".repeat(40)
            + "\",\"address\":\"http://127.0.0.1:9\",\"incarnation\":1}";
    /** Accepted announcements are everywhere within this time. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(1);

    private final LocalNodes ring;

    ForgedMessagesTest(LocalNodes ring) {
        this.ring = ring;
    }

    private static String line(String name, long counter, boolean deleted) {
        return """
                {"key":"%s","name":"%s","version":{"counter":%d,"writer":"x"},"deleted":%b,"size":%d,"sha256":"%s",\
                "contentType":"text/plain","modified":"2026-11-28T00:00:00Z","copies":"all"}"""
                .formatted(FileRules.keyOf(name), name, counter, deleted, deleted ? 0 : 3, Sha256.of(new byte[0]));
    }

    private Reply tell(int node, String line) {
        return ring.api(node).post("/peer/spread", "{\"file\":{\"entry\":" + line + ",\"teller\":" + TELLER
                + "},\"limit\":\"" + ring.node(node).id() + "\"}", JSON);
    }

    private void tellAll(String line) {
        for (int node = 0; node < ring.all().size(); node++) {
            tell(node, line).assertStatus(200);
        }
    }

    /** Holds for as long as an announcement takes to be everywhere. */
    private static void stays(Runnable assertion) {
        Awaitility.await().during(SETTLES_WITHIN).atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(300)).untilAsserted(assertion::run);
    }

    private void assertListed(String prefix, String... names) {
        for (Api node : ring.apis()) {
            List<String> listed = new ArrayList<>();
            node.get("/files?prefix=" + prefix).assertStatus(200).json().path("files")
                    .forEach(file -> listed.add(file.path("name").asString()));
            assertThat(listed).as("at %d", node.port()).containsExactly(names);
        }
    }

    private void put(String name, String text) {
        ring.api(0).put("/files/" + name, text).assertStatus(201);
        patiently().untilAsserted(() -> assertListed(name, name));
    }

    private void assertFile(String name, String text) {
        for (Api node : ring.apis()) {
            assertThat(node.get("/files/" + name).assertStatus(200).text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "\"key\":\"[0-9a-f]+\" | \"key\":\"zzz\"", "\"counter\":7 | \"counter\":9223372036854775807",
        "\"counter\":7 | \"counter\":-1", "\"size\":3 | \"size\":-3", "text/plain | text",
        "\"copies\":\"all\" | \"copies\":0",
        "\"sha256\":\"[0-9a-f]+\" | \"sha256\":\"00\"", "\"name\":\"[^\"]+\" | \"name\":\"../x\"",
        "2026-11-28T00:00:00Z | yesterday", "\"version\":\\{[^}]+} | \"version\":null"})
    void announcements_that_break_a_rule_are_refused(String part, String other) {
        String broken = line("forged/rules", 7, false).replaceFirst(part, other);
        tell(0, broken).assertProblem(400);
        assertListed("forged/rules");
    }

    @Test
    void an_announcement_of_a_too_long_name_is_refused() {
        tell(0, line("n".repeat(2_000), 7, false)).assertProblem(400);
        tell(0, line("n".repeat(300_000), 7, false)).assertProblem(413);
    }

    @Test
    void an_announcement_of_a_missing_file_lists_nothing() {
        tellAll(line("forged/nothing", 7, false));
        stays(() -> assertListed("forged/nothing"));
        ring.apis().forEach(node -> node.get("/files/forged/nothing").assertProblem(404));
        put("forged/nothing", "now it does");
        assertFile("forged/nothing", "now it does");
    }

    @Test
    void forged_deletions_and_versions_delete_nothing_and_block_no_name() {
        List<String> names = new ArrayList<>();
        for (long counter : new long[] {2, 1_700_000_000_000_000L, 9_007_199_254_740_990L}) {
            for (boolean deleted : new boolean[] {true, false}) {
                String name = "forged/" + (deleted ? "deleted-" : "version-") + counter;
                names.add(name);
                put(name, "text");
                tellAll(line(name, counter, deleted));
            }
        }
        stays(() -> names.forEach(name -> {
            assertListed(name, name);
            assertFile(name, "text");
        }));
        for (String name : names) {
            ring.api(1).put("/files/" + name, "next").assertStatus(200);
            assertFile(name, "next");
        }
        ring.api(0).delete("/files/" + names.getLast()).assertStatus(204);
        ring.apis().forEach(node -> node.get("/files/" + names.getLast()).assertProblem(404));
    }

    /** A valid media type that Spring cannot read. No upload here stores it, but another program might. */
    @Test
    void a_record_with_an_unreadable_media_type_is_read_whole_and_in_ranges() {
        String name = "forged/type";
        put(name, "before");
        long later = System.currentTimeMillis() * 1000 + 60_000_000;
        String record = line(name, later, false).replace("text/plain", "text/plain;charset=nonsense")
                .replace(Sha256.of(new byte[0]).toString(), Sha256.of("abc".getBytes(StandardCharsets.UTF_8))
                .toString())
                .replaceFirst("}$", ",\"view\":0,\"content\":{\"inline\":\"YWJj\"}}");
        for (Api node : ring.apis()) {
            assertThat(node.post("/peer/registers/write", write(name, record), JSON).assertStatus(200).json()
                    .path("status").asString()).isEqualTo("DONE");
        }
        for (Api node : ring.apis()) {
            assertThat(node.get("/files/" + name).assertStatus(200).text()).isEqualTo("abc");
            assertThat(node.get("/files/" + name, "Range: bytes=1-").assertStatus(206).text()).isEqualTo("bc");
            assertThat(node.get("/files/" + name, "Range: bytes=0-0,2-2").assertStatus(206).header("Content-Type"))
                    .startsWith("multipart/byteranges");
        }
    }

    private String write(String name, String record) {
        long view = ring.api(0).get("/locations/" + name).json().path("view").asLong();
        return "{\"record\":" + record + ",\"view\":" + view + ",\"sources\":[]}";
    }

    @Test
    void a_record_with_an_exhausted_counter_is_refused_and_its_name_stays_writable() {
        String name = "forged/record";
        put(name, "text");
        String content = ",\"view\":0,\"content\":{}}";
        String record = line(name, 9_007_199_254_740_990L, true).replaceFirst("}$", content);
        for (Api node : ring.apis()) {
            node.post("/peer/registers/write", write(name, record), JSON).assertProblem(400);
        }
        assertFile(name, "text");
        ring.api(1).put("/files/" + name, "next").assertStatus(200);
        assertFile(name, "next");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "/peer/states | {\"keys\":[\"zzz\"]}", "/peer/states | {\"keys\":[null]}", "/peer/states | {}",
        "/peer/index | {\"epoch\":null,\"after\":0}", "/peer/index | {\"epoch\":\"\",\"after\":-1}",
        "/peer/slots/get | {\"slots\":[-1]}", "/peer/slots/decided | {\"groups\":[null]}", "/peer/slots/learn | {}",
        "/peer/slots/decided | {\"groups\":[{\"ring\":\"r\",\"members\":[],\"previous\":[],\"slots\":[0],"
                + "\"numbers\":[0]}]}",
        "/peer/slots/prepare | {\"groups\":[],\"ballot\":null}", "/peer/slots/leaving | {}",
        "/peer/slots/recover | {\"groups\":[null]}",
        "/peer/registers/read | {\"key\":\"zzz\",\"view\":1,\"withRecord\":true}",
        "/peer/registers/get | {\"keys\":[null]}",
        "/peer/registers/promise | {}", "/peer/registers/digests | {\"slots\":[null]}",
        "/peer/registers/list | {\"slot\":-1}",
        "/peer/join | {}", "/peer/meet | {\"stranger\":null}", "/peer/ping-for | {\"patienceMillis\":1}",
        "/ring/notify | {}",
        "/ring/notify | {\"candidate\":{\"id\":\"zz\",\"address\":\"http://a:1\",\"incarnation\":1}}",
        "/peer/spread | {\"limit\":null}", "/peer/spread | {}"})
    void a_message_that_breaks_a_rule_is_refused(String path, String body) {
        ring.api(0).post(path, body, JSON).assertProblem(400);
    }

    @Test
    void values_in_the_address_follow_the_rules_too() {
        String block = "/peer/blocks/" + Sha256.of(new byte[1]) + "?upload=";
        Api node = ring.api(0);
        node.get("/peer/records/zzz").assertProblem(400);
        node.put(block + "u".repeat(65), new byte[1]).assertProblem(400);
        node.put(block + "a%0Ab", new byte[1]).assertProblem(400);
        node.post("/peer/uploads/" + "u".repeat(65) + "/release").assertProblem(400);
        node.get("/peer/ping?suspects=" + ring.node(0).id() + ":9223372036854775807").assertProblem(400);
        node.get("/peer/ping", "Chordshare-Ring: " + "r".repeat(65)).assertProblem(400);
    }

    @Test
    void at_the_limit_of_unfinished_uploads_a_new_one_is_refused_for_now() {
        Api node = ring.api(0);
        byte[] body = Api.randomBytes(10);
        String block = "/peer/blocks/" + Sha256.of(body) + "?upload=";
        Set<Integer> answers = ConcurrentHashMap.newKeySet();
        atOnce(1024, i -> answers.add(node.put(block + "open-" + i, body).status()));
        try {
            assertThat(answers).containsExactly(200);
            Reply refused = node.put(block + "one-more", body).assertProblem(429, "too-many");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
            node.put(block + "open-7", body).assertStatus(200);
            node.put("/files/forged/small", "small files need no room of uploads").assertStatus(201);
        } finally {
            atOnce(1024, i -> node.post("/peer/uploads/open-" + i + "/release").assertStatus(200));
        }
        node.put(block + "after", body).assertStatus(200);
        node.post("/peer/uploads/after/release").assertStatus(200);
    }

    /** In parallel, because each of them waits for the disk. */
    private static void atOnce(int count, IntConsumer work) {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < count; i++) {
                int number = i;
                threads.execute(() -> work.accept(number));
            }
        }
    }
}
