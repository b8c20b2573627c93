package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Swagger UI opens on the calls of users, and its prefilled examples work unchanged. */
@ExtendWith(SharedRing.class)
class ApiExamplesTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final Api api;

    ApiExamplesTest(LocalNodes ring) {
        this.api = ring.api(0);
    }

    @Test
    void swagger_ui_opens_on_the_public_group() {
        JsonNode config = api.get("/v3/api-docs/swagger-config").assertStatus(200).json();
        assertThat(config.path("urls.primaryName").asString()).isEqualTo("public");
        assertThat(config.path("urls").valueStream().map(url -> url.path("name").asString()).toList())
                .containsExactly("public", "peer");
    }

    @Test
    void every_example_works_unchanged() {
        JsonNode document = api.get("/v3/api-docs/public").assertStatus(200).json();
        List<String> done = new ArrayList<>();
        for (String method : new String[] {"put", "post", "get", "head", "delete"}) {
            document.path("paths").properties().forEach(path -> {
                JsonNode operation = path.getValue().path(method);
                // The first never ends. The second would remove this node from the ring of all tests
                if (operation.isMissingNode() || path.getKey().equals("/events")
                        || (method.equals("post") && path.getKey().equals("/ring/leave"))) {
                    return;
                }
                String target = target(path.getKey(), operation);
                Reply reply = send(document, method, target, operation);
                assertThat(reply.status()).as("%s %s: %s", method, target, reply.describe()).isBetween(200, 299);
                done.add(method + " " + path.getKey());
            });
        }
        assertThat(done).contains("put /files/{name}", "post /files", "get /files/{name}", "head /files/{name}",
                "get /locations/{name}", "get /ring/lookup", "get /ring/lookup/{key}", "get /ring/nodes/{id}",
                "post /ring/join", "delete /files/{name}");
    }

    /** Sends a call with everything that Swagger UI fills in. */
    private static String target(String path, JsonNode operation) {
        String filled = path;
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.path("name").asString();
            String value = parameter.path("example").asString(parameter.path("schema").path("example")
                    .asString(parameter.path("schema").path("default").asString("")));
            if (parameter.path("required").asBoolean(false)) {
                assertThat(value).as("example of %s at %s", name, path).isNotEmpty();
            }
            if (parameter.path("in").asString().equals("path")) {
                filled = filled.replace("{" + name + "}", Api.encode(value));
            } else if (!value.isEmpty()) {
                assertThat(parameter.path("in").asString()).as("%s at %s", name, path).isEqualTo("query");
                query.add(name + "=" + Api.encode(value));
            }
        }
        return filled + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    private Reply send(JsonNode document, String method, String target, JsonNode operation) {
        JsonNode contents = operation.path("requestBody").path("content");
        if (contents.isMissingNode()) {
            return api.send(method.toUpperCase(), target, BodyPublishers.noBody());
        }
        String type = contents.propertyNames().iterator().next();
        String body = switch (type) {
            // The user chooses a file
            case "multipart/form-data" ->
                    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"chosen.txt\"\r\n\r\n"
                    + "x\r\n--b--\r\n";
            case "application/json" -> example(document, contents.path(type).path("schema"));
            default -> contents.path(type).path("schema").path("example").asString();
        };
        return api.send(method.toUpperCase(), target, BodyPublishers.ofString(body),
                "Content-Type: " + type + (type.startsWith("multipart") ? "; boundary=b" : ""));
    }

    private static String example(JsonNode document, JsonNode schema) {
        String name = schema.path("$ref").asString().replaceFirst(".*/", "");
        Map<String, JsonNode> values = new LinkedHashMap<>();
        document.path("components").path("schemas").path(name).path("properties").properties()
                .forEach(property -> values.put(property.getKey(), property.getValue().path("example")));
        assertThat(values).isNotEmpty();
        values.forEach((property, value) -> assertThat(value.isMissingNode()).as(name + "." + property).isFalse());
        return JSON.writeValueAsString(values);
    }
}
