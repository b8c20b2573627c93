package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The console's page and the calls that exist for it. */
@ExtendWith(SharedRing.class)
class ConsoleApiTest {

    private final LocalNodes ring;
    private final Api api;

    ConsoleApiTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @Test
    void every_node_serves_the_console() {
        for (Api node : ring.apis()) {
            Reply page = node.get("/").assertStatus(200);
            assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
            assertThat(page.text()).contains("<title>Chordshare</title>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/js/main.js", "/console/css/base.css", "/console/icon.svg",
        "/webjars/d3/dist/d3.min.js", "/webjars/pdfjs-dist/build/pdf.min.mjs",
                "/webjars/pdfjs-dist/build/pdf.worker.min.mjs"})
    void the_resources_of_the_console_have_a_strict_policy(String target) {
        Reply reply = api.get(target).assertStatus(200);
        assertThat(reply.header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'",
                "frame-ancestors 'none'", "require-trusted-types-for 'script'").doesNotContain("unsafe", "http:",
                "https:", "*");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        if (target.endsWith("js")) {
            assertThat(reply.header("Content-Type")).startsWith("text/javascript");
        }
    }

    @Test
    void the_page_loads_nothing_from_elsewhere_and_has_nothing_inline() {
        String page = api.get("/").text();
        assertThat(page).doesNotContain("http://", "https://", "//cdn", "style=", "onclick")
                .doesNotContainPattern("<script(?![^>]*src=)");
    }

    @Test
    void any_node_returns_the_pointers_of_any_other() {
        for (LocalNode node : ring.all()) {
            // On a busy machine a node may be suspected between two requests, and then has a new incarnation
            LocalNodes.patiently().untilAsserted(() -> assertAllSayTheSame(node));
        }
    }

    private void assertAllSayTheSame(LocalNode node) {
        JsonNode own = node.ring();
        for (Api asked : ring.apis()) {
            JsonNode said = asked.get("/ring/nodes/" + node.id()).assertStatus(200).json();
            for (String field : List.of("self", "status", "predecessor", "successors", "range")) {
                assertThat(said.path(field)).as(field).isEqualTo(own.path(field));
            }
            assertThat(said.path("fingers").isArray()).isTrue();
        }
    }

    @Test
    void the_pointers_of_an_unknown_node_are_a_problem() {
        api.get("/ring/nodes/0000000000000000000000000000000000000000").assertProblem(404, "not-found");
        api.get("/ring/nodes/xyz").assertProblem(400, "invalid-key");
    }

    @Test
    void a_traced_lookup_lists_the_asked_nodes_and_times() {
        for (LocalNode owner : ring.all()) {
            JsonNode found = api.get("/ring/lookup/" + owner.id() + "?trace=true").assertStatus(200).json();
            JsonNode asked = found.path("trace").path("asked");
            assertThat(found.path("trace").path("confirmed").asBoolean()).isTrue();
            if (owner.port() != api.port()) {
                assertThat(asked.size()).isPositive();
                JsonNode last = asked.get(asked.size() - 1);
                assertThat(last.path("node").path("id").asString()).isEqualTo(owner.id());
                assertThat(last.path("answered").asBoolean()).isTrue();
                assertThat(last.path("micros").asLong()).isPositive();
            }
        }
    }

    @Test
    void a_node_describes_itself() {
        JsonNode node = api.get("/node").assertStatus(200).json();
        assertThat(node.path("self").path("id").asString()).isEqualTo(ring.node(0).id());
        assertThat(node.path("memory").path("heapUsedBytes").asLong()).isPositive();
        assertThat(node.path("disk").path("usableBytes").asLong()).isPositive();
        assertThat(node.path("background").valueStream().map(work -> work.path("name").asString()).toList())
                .contains("fix-fingers", "ping", "compare slots");
        assertThat(node.path("settings").valueStream()
                .filter(setting -> setting.path("name").asString().equals("chordshare.ring.ping-every"))
                .map(setting -> setting.path("value").asString()).toList()).containsExactly("300ms");
    }
}
