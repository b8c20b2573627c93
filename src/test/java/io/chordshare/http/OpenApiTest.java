package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedRing.class)
class OpenApiTest {

    private final Api api;

    OpenApiTest(LocalNodes ring) {
        this.api = ring.api(0);
    }

    @Test
    void the_public_group_has_the_calls_of_users() {
        JsonNode paths = api.get("/v3/api-docs/public").assertStatus(200).json().path("paths");
        assertThat(paths.path("/files/{name}").propertyNames()).contains("get", "put", "delete", "head");
        assertThat(paths.path("/files").propertyNames()).contains("get", "post");
        assertThat(paths.path("/locations/{name}").propertyNames()).contains("get");
        assertThat(paths.path("/ring").propertyNames()).contains("get");
        assertThat(paths.path("/ring/join").propertyNames()).contains("post");
        assertThat(paths.path("/ring/leave").propertyNames()).contains("post", "delete");
        assertThat(paths.propertyNames()).contains("/ring/lookup/{key}", "/ring/lookup", "/ring/nodes", "/ring/ping");
        assertThat(paths.propertyNames()).noneMatch(path -> path.startsWith("/peer") || path.equals("/ring/notify")
                || path.equals("/error"));
    }

    @Test
    void the_peer_group_has_the_calls_of_nodes() {
        JsonNode paths = api.get("/v3/api-docs/peer").assertStatus(200).json().path("paths");
        assertThat(paths.propertyNames()).contains("/ring/notify")
                .allMatch(path -> path.startsWith("/peer/") || path.startsWith("/ring/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "peer"})
    void every_operation_has_a_summary_and_its_responses(String group) {
        JsonNode document = api.get("/v3/api-docs/" + group).json();
        document.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            String name = operation.getKey() + " " + path.getKey();
            assertThat(operation.getValue().path("summary").asString("")).as(name).isNotBlank();
            assertThat(operation.getValue().path("responses").size()).as(name).isPositive();
        }));
    }

    @Test
    void a_path_with_a_name_declares_it_as_a_parameter() {
        JsonNode paths = api.get("/v3/api-docs/public").json().path("paths");
        paths.properties().stream().filter(path -> path.getKey().contains("{name}"))
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    List<String> names = operation.getValue().path("parameters").valueStream()
                            .filter(parameter -> parameter.path("in").asString().equals("path"))
                            .map(parameter -> parameter.path("name").asString()).toList();
                    assertThat(names).as(operation.getKey() + " " + path.getKey()).containsExactly("name");
                }));
    }

    @Test
    void errors_are_documented_where_they_can_occur() {
        JsonNode paths = api.get("/v3/api-docs/public").json().path("paths");
        assertThat(paths.path("/files/{name}").path("put").path("responses").propertyNames())
                .contains("200", "201", "400", "412", "415", "507");
        assertThat(paths.path("/files/{name}").path("get").path("responses").propertyNames())
                .contains("200", "206", "304", "404", "416");
        assertThat(paths.path("/files/{name}").path("delete").path("responses").propertyNames()).contains("204", "404");
        assertThat(paths.path("/ring/join").path("post").path("responses").propertyNames())
                .contains("200", "400", "409", "502", "504");
    }

    /** A response header has less space than a request header. */
    @Test
    void the_redirect_to_swagger_ui_does_not_repeat_the_query() {
        for (String query : List.of("?url=http://other.example", "?x=" + "y".repeat(15_000))) {
            assertThat(api.get("/swagger-ui.html" + query).assertStatus(302).header("Location"))
                    .isEqualTo("/swagger-ui/index.html");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v3/api-docs/zzz", "/v3/api-docs.yaml/zzz", "/v3/api-docs/zzz.yaml", "/v3/api-docs/%0A",
        "/v3/api-docs/public/zzz", "/v3", "/swagger-ui/zzz", "/webjars/zzz"})
    void an_unknown_api_group_is_not_found(String target) {
        api.get(target).assertProblem(404, "not-found");
    }

    @Test
    void swagger_ui_loads() {
        Reply redirect = api.get("/swagger-ui.html");
        assertThat(redirect.status()).isIn(301, 302);
        String location = redirect.header("Location").replaceFirst("^http://[^/]+", "");
        Reply page = api.get(location).assertStatus(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text()).contains("swagger-ui");
        JsonNode config = api.get("/v3/api-docs/swagger-config").assertStatus(200).json();
        assertThat(config.path("urls").valueStream().map(url -> url.path("url").asString()).toList())
                .contains("/v3/api-docs/public", "/v3/api-docs/peer");
    }

    @Test
    void forwarded_headers_of_a_stranger_are_not_repeated() {
        for (String target : new String[] {"/v3/api-docs/swagger-config", "/v3/api-docs/public", "/v3/api-docs/peer",
            "/swagger-ui.html", "/swagger-ui/index.html", "/actuator"}) {
            Reply reply = api.get(target, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https",
                    "X-Forwarded-Port: 99",
                    "X-Forwarded-Prefix: /evil.example", "Forwarded: host=evil.example;proto=https");
            assertThat(reply.status()).as(reply.describe()).isIn(200, 302);
            assertThat(reply.text()).as(target).doesNotContain("evil.example");
            assertThat(reply.headers().toString()).as(target).doesNotContain("evil.example");
        }
        assertThat(api.get("/v3/api-docs/swagger-config", "X-Forwarded-Host: evil.example").json()
                .path("oauth2RedirectUrl").asString()).startsWith(api.address());
    }
}
