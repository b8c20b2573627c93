package io.chordshare.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI documents in the repository: {@code docs/openapi}. A change of the interface is visible as a diff. <p>
 * With {@code -Dopenapi.renew=true} the tests write them again.
 */
final class KeptDocuments {

    static final boolean RENEW = Boolean.getBoolean("openapi.renew");

    private static final Path FOLDER = Path.of("docs", "openapi");
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String AN_ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
    private static final String AN_ADDRESS = "http://127.0.0.1:8081";

    private KeptDocuments() {}

    static String kept(String group) {
        try {
            return Files.readString(file(group));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void renew(String group, String text) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(file(group), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String group) {
        return FOLDER.resolve(group + ".json");
    }

    /** The document that a node serves, without everything that is specific to that node, in a stable order. */
    static String normalised(JsonNode served) {
        ObjectNode document = (ObjectNode) sorted(served.deepCopy());
        document.remove("servers");
        for (JsonNode parameter : document.path("paths").path("/ring/nodes/{id}").path("get").path("parameters")) {
            ((ObjectNode) parameter).put("example", AN_ID);
        }
        JsonNode address = document.path("components").path("schemas").path("JoinRequest").path("properties")
                .path("address");
        if (address instanceof ObjectNode property) {
            property.put("example", AN_ADDRESS);
        }
        return JSON.writeValueAsString(document) + "\n";
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, sorted(list.get(i)));
            }
        } else if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            object.removeAll();
            object.setAll(members);
        }
        return node;
    }

    /** An operation of users. */
    private record Operation(String method, Pattern path, Set<String> statuses) {}

    private static final List<Operation> PUBLIC = operations();

    private static List<Operation> operations() {
        if (!Files.exists(file("public"))) {
            return List.of();
        }
        List<Operation> operations = new ArrayList<>();
        JSON.readTree(kept("public")).path("paths").properties().forEach(path -> {
            // Only the name of a file may contain slashes
            String pattern = "\\Q" + path.getKey().replace("{name}", "\\E.+\\Q")
                    .replaceAll("\\{[a-z]+}", "\\\\E[^/]+\\\\Q") + "\\E/?";
            path.getValue().properties().forEach(operation ->
                    operations.add(new Operation(operation.getKey().toUpperCase(Locale.ROOT),
                    Pattern.compile(pattern), Set.copyOf(operation.getValue().path("responses").propertyNames()))));
        });
        return operations;
    }

    /** Every response that a test gets for a user call has a status that the document names. */
    static void check(String method, String target, int status) {
        String path = target.replaceFirst("\\?.*", "");
        List<Operation> meant = PUBLIC.stream()
                .filter(operation -> operation.method().equals(method) && operation.path().matcher(path).matches())
                        .toList();
        if (!meant.isEmpty()
                && meant.stream().noneMatch(operation -> operation.statuses().contains(String.valueOf(status)))) {
            throw new AssertionError(method + " " + target + " was answered with " + status
                    + ", which the OpenAPI document does not name."
                    + " Add it in operations/ApiDescription, and renew docs/openapi");
        }
    }
}
