package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Calls that read the ring without changing it. */
@ExtendWith(SharedRing.class)
class RingApiTest {

    private static final String ID = "[0-9a-f]{40}";

    private final LocalNodes ring;
    private final Api api;

    RingApiTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @Test
    void a_node_shows_its_place_in_the_ring() {
        Set<String> rings = new HashSet<>();
        for (LocalNode node : ring.all()) {
            JsonNode view = node.ring();
            assertThat(view.propertyNames()).contains("ringId", "self", "status", "predecessor", "successors",
                    "fingers",
                    "range", "handover");
            rings.add(view.path("ringId").asString());
            assertNode(view.path("self"));
            assertThat(view.path("self").path("address").asString()).isEqualTo(node.address());
            assertThat(view.path("status").asString()).isEqualTo("MEMBER");
            assertNode(view.path("predecessor"));
            assertThat(view.path("successors").size()).isEqualTo(2);
            view.path("successors").forEach(RingApiTest::assertNode);
            assertThat(view.path("range").path("to")).isEqualTo(view.path("self").path("id"));
            assertThat(view.path("range").path("from")).isEqualTo(view.path("predecessor").path("id"));
            assertThat(view.path("handover").isNull()).isTrue();
            view.path("fingers").forEach(finger -> {
                assertThat(finger.path("start").asString()).matches(ID);
                assertNode(finger.path("node"));
            });
        }
        assertThat(rings).hasSize(1);
    }

    private static void assertNode(JsonNode node) {
        assertThat(node.propertyNames()).containsExactlyInAnyOrder("id", "address", "incarnation");
        assertThat(node.path("id").asString()).matches(ID);
        assertThat(node.path("address").asString()).startsWith("http://");
        assertThat(node.path("incarnation").asLong()).isPositive();
    }

    @Test
    void the_nodes_are_in_ring_order_and_share_the_whole_ring() {
        for (Api node : ring.apis()) {
            JsonNode nodes = node.get("/ring/nodes").assertStatus(200).json();
            assertThat(nodes.size()).isEqualTo(3);
            List<String> ids = new ArrayList<>();
            double share = 0;
            for (JsonNode one : nodes) {
                ids.add(one.path("id").asString());
                share += one.path("share").asDouble();
                assertThat(one.path("answers").asBoolean()).isTrue();
            }
            assertThat(share).isCloseTo(1, within(1e-9));
            long descents = 0;
            for (int i = 0; i < 3; i++) {
                descents += ids.get(i).compareTo(ids.get((i + 1) % 3)) >= 0 ? 1 : 0;
            }
            assertThat(descents).as("places where the ring starts over in " + ids).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000000000000000000000000000000000000000", "ffffffffffffffffffffffffffffffffffffffff",
        "8000000000000000000000000000000000000000", "ABCDEFabcdef0123456789012345678901234567"})
    void all_nodes_find_the_same_owner_of_a_key(String key) {
        Set<String> owners = new HashSet<>();
        for (Api node : ring.apis()) {
            JsonNode found = node.get("/ring/lookup/" + key).assertStatus(200).json();
            assertThat(found.propertyNames()).containsExactlyInAnyOrder("key", "owner", "successors", "hops", "path");
            assertThat(found.path("key").asString()).isEqualTo(key.toLowerCase());
            assertThat(found.path("hops").asInt()).isBetween(0, 3);
            assertNode(found.path("owner"));
            owners.add(found.path("owner").path("id").asString());
        }
        assertThat(owners).hasSize(1);
        assertThat(owners).containsExactly(ownerByHand(key.toLowerCase()));
    }

    /** The first node at or after the key. */
    private String ownerByHand(String key) {
        List<String> ids = ring.all().stream().map(LocalNode::id).sorted().toList();
        return ids.stream().filter(id -> id.compareTo(key) >= 0).findFirst().orElse(ids.getFirst());
    }

    @Test
    void the_owner_of_an_id_is_the_node_itself() {
        for (LocalNode node : ring.all()) {
            assertThat(ring.api(0).get("/ring/lookup/" + node.id()).json().path("owner").path("id").asString())
                    .isEqualTo(node.id());
        }
    }

    @Test
    void a_name_is_looked_up_by_its_key() {
        for (String name : List.of("a", "reports/2026/q3.pdf", "Übersicht", "a+b", "100%")) {
            JsonNode byName = api.get("/ring/lookup?name=" + Api.encode(name)).assertStatus(200).json();
            for (Api node : ring.apis()) {
                JsonNode byKey = node.get("/ring/lookup/" + byName.path("key").asString()).json();
                assertThat(byKey.path("owner")).isEqualTo(byName.path("owner"));
            }
        }
        String name = "looked/up and located";
        api.put("/files/" + Api.encode(name), "body");
        assertThat(api.get("/ring/lookup?name=" + Api.encode(name)).json().path("key"))
                .isEqualTo(api.get("/locations/" + Api.encode(name)).json().path("key"));
    }

    @Test
    void a_name_is_looked_up_in_normalized_form() {
        JsonNode composed = api.get("/ring/lookup?name=%C3%9C").json();
        JsonNode decomposed = api.get("/ring/lookup?name=U%CC%88").json();
        assertThat(decomposed.path("key")).isEqualTo(composed.path("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ring/lookup/xyz", "/ring/lookup/000000000000000000000000000000000000000",
        "/ring/lookup/00000000000000000000000000000000000000000",
                "/ring/lookup/g000000000000000000000000000000000000000",
        "/ring/lookup/%2B000000000000000000000000000000000000000", "/ring/lookup", "/ring/lookup?name=",
                "/ring/lookup?name=..",
        "/ring/lookup?name=a%00b", "/ring/lookup?name=a//b"})
    void an_invalid_key_or_name_is_refused(String target) {
        api.get(target).assertProblem(400);
    }

    @Test
    void a_ping_is_answered_with_the_node() {
        for (LocalNode node : ring.all()) {
            JsonNode pong = node.api().get("/ring/ping").assertStatus(200).json();
            JsonNode self = pong.has("id") ? pong : pong.path("self");
            assertThat(self.path("id").asString()).isEqualTo(node.id());
            assertThat(self.path("address").asString()).isEqualTo(node.address());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"address\":null}", "{}", "{\"address\":\"\"}", "{\"address\":\"foo\"}",
        "{\"address\":\"ftp://x:1\"}", "{\"address\":\"http://127.0.0.1:8081/path\"}",
        "{\"address\":\"http://127.0.0.1:8081?q=1\"}", "{\"address\":\"http://127.0.0.1:8081#f\"}",
        "{\"address\":\"http://user@127.0.0.1:8081\"}", "{\"address\":\"http://127.0.0.1:0\"}",
        "{\"address\":\"http://127.0.0.1:99999\"}", "{\"address\":\"http://127.0.0.1:-1\"}",
        "{\"address\":\"http://\"}",
        "{\"address\":\"http://:80\"}", "{\"address\":\"http://a b:80\"}", "{\"address\":\"127.0.0.1:8081\"}",
        "{\"address\":17}", "{\"address\":[\"http://127.0.0.1:1\"]}", "{\"address\":{}}", "", "{", "null", "[]",
        "\"x\"",
        "not json", "{\"address\":\"http://127.0.0.1:1\",}"})
    void an_invalid_address_is_refused(String json) {
        api.join("/ring/join", json).assertProblem(400);
        assertThat(ring.node(0).status()).isEqualTo("MEMBER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "-1s", "11m", "99999999999999999999s"})
    void an_invalid_wait_is_refused(String wait) {
        api.join("/ring/join?wait=" + wait, "{\"address\":\"" + ring.node(1).address() + "\"}").assertProblem(400);
    }

    @Test
    void joining_oneself_is_refused_under_every_name() {
        api.join(api.address()).assertProblem(400, "join-self");
        api.join("http://localhost:" + api.port()).assertProblem(400, "join-self");
        api.join(api.address() + "/").assertProblem(400, "join-self");
    }

    @Test
    void joining_the_own_ring_changes_nothing() {
        Reply reply = api.join(ring.node(1).address()).assertStatus(200);
        assertThat(reply.json().path("status").asString()).isEqualTo("MEMBER");
        assertThat(reply.json().path("self").path("id").asString()).isEqualTo(ring.node(0).id());
        ring.awaitWhole();
    }

    @Test
    void joining_an_unreachable_address_is_a_502() {
        api.join("http://127.0.0.1:" + LocalNode.freePort()).assertProblem(502, "peer-failed");
        api.join("http://no-such-host.invalid:8081").assertProblem(502);
    }

    @Test
    void cancelling_a_leave_that_does_not_run_changes_nothing() {
        api.delete("/ring/leave").assertStatus(200);
        assertThat(ring.node(0).status()).isEqualTo("MEMBER");
    }
}
