package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Batches of messages between nodes: each message has its own answer, and what is no batch does no harm. */
@ExtendWith(SharedRing.class)
class PeerMessagesTest {

    private static final CBORMapper CBOR = new CBORMapper();
    private static final String KEY = ChordId.ofName("messages").toString();
    private static final Map<String, Object> READ =
            Map.of("read", Map.of("key", KEY, "view", 1, "withRecord", false));

    private final LocalNodes ring;

    PeerMessagesTest(LocalNodes ring) {
        this.ring = ring;
    }

    private Reply send(byte[] batch, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = "application/cbor";
        String[] lines = new String[all.length / 2];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = all[2 * i] + ": " + all[2 * i + 1];
        }
        return ring.api(0).send("POST", "/peer/messages", BodyPublishers.ofByteArray(batch), lines);
    }

    private static byte[] batch(List<Map<String, Object>> messages) {
        return CBOR.writeValueAsBytes(Map.of("messages", messages));
    }

    private static void assertRefused(Reply reply, String reason) {
        assertThat(reply.header("Chordshare-Reason")).isEqualTo(reason);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void each_message_has_an_answer_of_its_own() {
        Map<String, Object> fromTheFuture = Map.of("promise", Map.of("key", KEY, "view", 1,
                "version", Map.of("counter", (1L << 53) - 2, "writer", "x")));
        Reply reply = send(batch(List.of(READ, fromTheFuture, READ))).assertStatus(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/cbor");
        JsonNode answers = CBOR.readTree(reply.body()).path("answers");
        assertThat(answers.size()).isEqualTo(3);
        assertThat(answers.get(0).path("reply").path("status").isMissingNode()).isFalse();
        assertThat(answers.get(1).path("refused").asString()).isEqualTo("REFUSED");
        assertThat(answers.get(1).path("why").asString()).contains("no writer can have come to the counter");
        assertThat(answers.get(2)).isEqualTo(answers.get(0));
    }

    @Test
    void digests_and_news_travel_with_them_and_news_of_an_unknown_kind_are_refused_alone() {
        Map<String, Object> digests = Map.of("digests", Map.of("slots", List.of(Map.of("slot", 0, "number", 1))));
        Map<String, Object> news = Map.of("broadcast", Map.of("limit", ring.node(0).id().toString(),
                "merged", Map.of("ringIds", List.of("another-ring"), "contact", Map.of("id", "7".repeat(40),
                        "address", "http://127.0.0.1:9", "incarnation", 1))));
        Map<String, Object> unknown = Map.of("broadcast", Map.of("limit", ring.node(0).id().toString()));
        JsonNode answers = CBOR.readTree(send(batch(List.of(digests, news, unknown))).assertStatus(200).body())
                .path("answers");
        assertThat(answers.get(0).path("digests").path("reports").size()).isEqualTo(1);
        assertThat(answers.get(1).path("done").isObject()).isTrue();
        assertThat(answers.get(2).path("refused").asString()).isEqualTo("REFUSED");
    }

    @Test
    void what_is_no_batch_is_refused() {
        assertRefused(send(new byte[0]), "REFUSED");
        assertRefused(send("{\"messages\":[]}".getBytes()), "REFUSED");
        assertRefused(send(batch(List.of())), "REFUSED");
        assertRefused(send(batch(List.of(Map.of()))), "REFUSED");
        assertRefused(send(batch(List.of(Map.of("read", Map.of("key", "zzz", "view", 1, "withRecord", false))))),
                "REFUSED");
        send(batch(List.of(READ))).assertStatus(200);
    }

    @Test
    void a_batch_has_at_most_64_messages_and_256_kilobytes() {
        send(batch(Collections.nCopies(64, READ))).assertStatus(200);
        assertRefused(send(batch(Collections.nCopies(65, READ))), "REFUSED");
        assertRefused(send(new byte[300 * 1024]), "REFUSED");
    }

    @Test
    void a_batch_for_another_node_or_from_another_ring_is_not_answered() {
        Reply misdirected = send(batch(List.of(READ)), "Chordshare-To", "7".repeat(40));
        assertRefused(misdirected, "NOT_THAT_NODE");
        assertThat(misdirected.header("Chordshare-Node")).isEqualTo(ring.node(0).id().toString());
        assertRefused(send(batch(List.of(READ)), "Chordshare-Ring", "0123456789abcdef0123456789abcdef"), "WRONG_RING");
    }

    @Test
    void objects_are_taken_as_json_only_elsewhere() {
        ring.api(0).send("POST", "/ring/join", BodyPublishers.ofByteArray(
                CBOR.writeValueAsBytes(Map.of("address", "http://127.0.0.1:1"))), "Content-Type: application/cbor")
                .assertStatus(415);
    }
}
