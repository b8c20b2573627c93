package io.chordshare.http;

import static io.chordshare.http.LocalNodes.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedRing.class)
class DeleteListLocationsTest {

    private final LocalNodes ring;
    private final Api api;

    DeleteListLocationsTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @Test
    void a_deleted_file_is_gone_at_every_node_and_can_be_uploaded_again() {
        String name = "/files/delete/me";
        for (int round = 0; round < 3; round++) {
            String body = "round " + round;
            api.put(name, body).assertStatus(201);
            ring.api(round).delete(name).assertStatus(204);
            for (Api node : ring.apis()) {
                node.get(name).assertProblem(404, "file-not-found");
                node.get(name + "?consistency=any").assertProblem(404);
                node.head(name).assertStatus(404);
                node.delete(name).assertProblem(404);
                node.get("/locations/delete/me").assertProblem(404);
            }
        }
        ring.api(1).put(name, "again").assertStatus(201);
        ring.apis().forEach(node -> assertThat(node.get(name).assertStatus(200).text()).isEqualTo("again"));
    }

    @Test
    void a_delete_respects_its_precondition() {
        String tag = api.put("/files/delete/conditional", "body").header("ETag");
        ring.api(1).delete("/files/delete/conditional", "If-Match: \"other\"").assertProblem(412);
        api.get("/files/delete/conditional").assertStatus(200);
        ring.api(1).delete("/files/delete/conditional", "If-Match: " + tag).assertStatus(204);
    }

    @Test
    void a_deleted_file_leaves_the_listing_of_every_node() {
        api.put("/files/unlisted/one", "body");
        ring.apis().forEach(node -> patiently().untilAsserted(() -> assertThat(names(node, "prefix=unlisted/"))
                .hasSize(1)));
        ring.api(1).delete("/files/unlisted/one").assertStatus(204);
        assertThat(names(ring.api(1), "prefix=unlisted/")).isEmpty();
        ring.apis().forEach(node -> patiently().untilAsserted(() -> assertThat(names(node, "prefix=unlisted/"))
                .isEmpty()));
    }

    @Test
    void an_upload_is_listed_immediately_at_its_node_and_soon_everywhere() {
        for (int i = 0; i < 3; i++) {
            String name = "listed-at-once/" + i;
            ring.api(i).put("/files/" + name, "body").assertStatus(201);
            assertThat(names(ring.api(i), "prefix=listed-at-once/")).contains(name);
            ring.apis().forEach(node -> patiently().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(names(node, "prefix=listed-at-once/")).contains(name)));
        }
    }

    @Test
    void files_are_listed_in_order_of_name_page_by_page() {
        List<String> sorted = List.of("list/A", "list/B", "list/a", "list/a b", "list/a/b", "list/b", "list/\u00e4",
                "list/\uffe6",
                "list/\ud83c\udf89");
        for (String name : sorted.reversed()) {
            ring.api(name.length() % 3).put("/files/" + Api.encode(name), name, "Content-Type: text/plain");
        }
        for (Api node : ring.apis()) {
            patiently().untilAsserted(() -> assertThat(names(node, "prefix=list/")).containsExactlyElementsOf(sorted));
            for (int limit : new int[] {1, 2, 3, 8, 9, 10}) {
                assertThat(pages(node, limit)).as("limit " + limit).isEqualTo(sorted);
            }
            assertThat(names(node, "prefix=list/a")).containsExactly("list/a", "list/a b", "list/a/b");
            assertThat(names(node, "prefix=list/&after=list/a/b")).startsWith("list/b");
            assertThat(names(node, "prefix=list/&after=zzz")).isEmpty();
            assertThat(names(node, "prefix=list/&after=")).hasSize(9);
            assertThat(names(node, "prefix=list/%25")).isEmpty();
            assertThat(names(node, "prefix=list_")).isEmpty();
            assertThat(node.get("/files/?prefix=list/").assertStatus(200).json())
                    .isEqualTo(node.get("/files?prefix=list/").json());
        }
        JsonNode page = api.get("/files?prefix=list/").json();
        assertThat(page.propertyNames()).containsExactlyInAnyOrder("files", "next");
        assertThat(page.path("next").isNull()).isTrue();
        JsonNode file = page.path("files").get(0);
        assertThat(file.propertyNames()).containsExactlyInAnyOrder("name", "size", "sha256", "contentType", "modified",
                "copies", "owner");
        assertThat(file.path("contentType").asString()).isEqualTo("text/plain");
        assertThat(file.path("size").asInt()).isEqualTo(6);
    }

    private static List<String> pages(Api node, int limit) {
        List<String> names = new ArrayList<>();
        String after = "";
        while (true) {
            JsonNode page = node.get("/files?prefix=list/&limit=" + limit + after).assertStatus(200).json();
            assertThat(page.path("files").size()).isLessThanOrEqualTo(limit);
            page.path("files").forEach(file -> names.add(file.path("name").asString()));
            if (page.path("next").isNull()) {
                return names;
            }
            after = "&after=" + Api.encode(page.path("next").asString());
        }
    }

    @Test
    void every_node_names_the_same_owner_as_a_lookup() {
        api.put("/files/owned/by-whom", "body");
        String owner = api.get("/ring/lookup?name=owned/by-whom").json().path("owner").path("address").asString();
        for (Api node : ring.apis()) {
            patiently().untilAsserted(() -> assertThat(node.get("/files?prefix=owned/").json().path("files").get(0)
                    .path("owner").path("address").asString()).isEqualTo(owner));
            assertThat(node.get("/locations/owned/by-whom").json().path("owner").path("address").asString())
                    .isEqualTo(owner);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "ten", "99999999999", "1.5"})
    void an_invalid_limit_is_refused(String limit) {
        api.get("/files?limit=" + limit).assertProblem(400);
    }

    @Test
    void with_copies_all_every_node_holds_the_file() {
        api.put("/files/located/all", Api.randomBytes(5_000_000)).assertStatus(201);
        for (Api node : ring.apis()) {
            patiently().untilAsserted(() -> {
                JsonNode location = node.get("/locations/located/all").assertStatus(200).json();
                assertThat(location.propertyNames()).containsExactlyInAnyOrder("name", "key", "owner",
                        "ownerSet", "view",
                        "holders",
                        "missing", "wanted");
                assertThat(addresses(location.path("holders"))).isEqualTo(allNodes());
                assertThat(addresses(location.path("ownerSet"))).isEqualTo(allNodes());
                assertThat(location.path("missing").asInt()).isZero();
                assertThat(location.path("wanted").asInt()).isZero();
                assertThat(location.path("name").asString()).isEqualTo("located/all");
                assertThat(location.path("key").asString()).matches("[0-9a-f]{40}");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void with_fewer_copies_the_owner_and_the_next_hold_the_file(int copies) {
        String name = "located/" + copies;
        // Bytes of no other file: a node that has them through another file would hold this one, too
        api.put("/files/" + name + "?copies=" + copies, Api.randomBytes(123_450 + copies)).assertStatus(201);
        patiently().untilAsserted(() -> {
            JsonNode location = ring.api(1).get("/locations/" + name).json();
            assertThat(addresses(location.path("holders"))).hasSize(copies)
                    .contains(location.path("owner").path("address").asString());
            assertThat(location.path("missing").asInt()).isZero();
            assertThat(location.path("wanted").asInt()).isZero();
        });
    }

    @Test
    void copies_beyond_the_ring_are_wanted_and_not_missing() {
        Reply reply = api.put("/files/located/seven?copies=7", Api.randomBytes(100_000)).assertStatus(201);
        assertThat(reply.json().path("copies").asString()).isEqualTo("7");
        patiently().untilAsserted(() -> {
            JsonNode location = ring.api(2).get("/locations/located/seven").json();
            assertThat(location.path("holders").size()).isEqualTo(3);
            assertThat(location.path("missing").asInt()).isZero();
            assertThat(location.path("wanted").asInt()).isEqualTo(4);
        });
    }

    @Test
    void the_location_of_an_unknown_file_is_a_404() {
        api.get("/locations/never-uploaded").assertProblem(404);
        api.get("/locations/").assertProblem(400);
        assertThat(api.get("/locations").status()).isIn(400, 404);
    }

    private Set<String> allNodes() {
        return new HashSet<>(ring.all().stream().map(LocalNode::address).toList());
    }

    private static Set<String> addresses(JsonNode nodes) {
        Set<String> addresses = new HashSet<>();
        nodes.forEach(node -> addresses.add(node.path("address").asString()));
        return addresses;
    }

    private static List<String> names(Api node, String query) {
        return node.get("/files?" + query.replace(" ", "%20")).assertStatus(200).json().path("files").valueStream()
                .map(file -> file.path("name").asString()).toList();
    }
}
