package io.chordshare.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Generates messages from the schemas of an OpenAPI document. The name of a text property determines its values; an
 * unknown name gets any text, so new messages are generated too.
 */
final class FuzzSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String REF = "#/components/schemas/";
    private static final int MAX_DEPTH = 6;
    private static final int MAX_ITEMS = 3;
    /** A message with more than one of these is refused. */
    private static final List<String> ONE_OF = List.of("farewell", "file", "merged");
    /** Keys and names inside these belong to something that is written. */
    private static final List<String> WRITTEN = List.of("record", "entry");

    private final JsonNode components;
    private final FuzzValues values;

    /** @param document the OpenAPI document */
    FuzzSchema(JsonNode document, FuzzValues values) {
        this.components = document.path("components").path("schemas");
        this.values = values;
    }

    Arbitrary<JsonNode> of(JsonNode schema) {
        return of(schema, "", false, 0);
    }

    private Arbitrary<JsonNode> of(JsonNode schema, String property, boolean written, int depth) {
        String ref = schema.path("$ref").asString("");
        if (!ref.isEmpty()) {
            return of(components.path(ref.substring(REF.length())), property, written, depth + 1);
        }
        if (depth > MAX_DEPTH) {
            return Arbitraries.just(JSON.nullNode());
        }
        if (schema.has("enum")) {
            return Arbitraries.of(schema.path("enum").valueStream().toList());
        }
        return switch (schema.path("type").asString("object")) {
            case "string" -> text(property, written).map(JSON::stringNode);
            case "integer", "number" -> number(property).map(JSON::numberNode);
            case "boolean" -> Arbitraries.of(true, false).map(JSON::booleanNode);
            case "array" -> of(schema.path("items"), property, written, depth + 1).list().ofMaxSize(MAX_ITEMS)
                    .map(items -> JSON.arrayNode().addAll(items));
            default -> object(schema, property, written, depth);
        };
    }

    private Arbitrary<JsonNode> object(JsonNode schema, String property, boolean written, int depth) {
        List<String> names = new ArrayList<>();
        List<Arbitrary<JsonNode>> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> part : schema.path("properties").properties()) {
            names.add(part.getKey());
            // the fields of a leaver have generators of their own, including its id
            String what = property.equals("leaver") ? "leaver." + part.getKey() : part.getKey();
            Arbitrary<JsonNode> value = of(part.getValue(), what, written || WRITTEN.contains(part.getKey()), depth
                    + 1);
            parts.add(value.injectNull(ONE_OF.contains(part.getKey()) ? 0.6 : 0.03));
        }
        if (parts.isEmpty()) {
            return Arbitraries.create(JSON::objectNode);
        }
        Arbitrary<ObjectNode> loose = Combinators.combine(parts).as(made -> {
            ObjectNode object = JSON.objectNode();
            for (int i = 0; i < names.size(); i++) {
                object.set(names.get(i), made.get(i));
            }
            return object;
        });
        return written && names.containsAll(List.of("key", "name", "sha256")) ? file(loose)
                : loose.map(object -> object);
    }

    /**
     * A record of a file, or its line in the index. Its parts fit together, because otherwise all records would be
     * refused alike.
     */
    private static Arbitrary<JsonNode> file(Arbitrary<ObjectNode> loose) {
        return Combinators.combine(loose, Arbitraries.of(0, 1, 30), Arbitraries.frequency(Tuple.of(4, true),
                Tuple.of(1, false)))
                .as((object, size, consistent) -> {
                    if (consistent) {
                        FuzzValues.makeConsistent(object, size);
                    }
                    return object;
                });
    }

    private Arbitrary<Long> number(String property) {
        return switch (property) {
            case "incarnation", "leaver.incarnation" -> values.incarnation();
            case "counter" -> Arbitraries.longs().between(1, 9);
            case "patienceMillis" -> Arbitraries.of(0L, 50L, 1000L);
            default -> Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.longs().between(0, 9)),
                    Tuple.of(1, Arbitraries.of(-1L, 1L << 31, (1L << 53) - 1, Long.MAX_VALUE)));
        };
    }

    Arbitrary<String> text(String property, boolean written) {
        return switch (property) {
            case "id", "limit", "writer", "boundary", "start", "from", "to", "upTo" -> values.id();
            case "leaver.id" -> values.idOfLeaver();
            case "address", "leaver.address" -> values.address();
            case "ringIds", "ringId", "epoch" -> values.ringId();
            case "key", "keys", "after" -> written ? values.key() : values.anyKey();
            case "hash", "sha256", "blocks", "listBlocks", "digest" -> values.hash();
            case "name" -> written ? values.name() : values.anyName();
            case "prefix" -> Arbitraries.of("", "fuzz/", "kept");
            case "copies" -> Arbitraries.of("all", "1", "3", "99");
            case "contentType" -> Arbitraries.of("text/plain", "application/octet-stream", "x",
                    "text/plain;charset=nonsense", "text/plain;charset=\"utf-8\"", "a/b;q=1;q=2");
            case "modified" -> Arbitraries.of("2026-11-28T10:00:00Z", "2026-11-28T10:00:00.123456789Z");
            case "upload" -> Arbitraries.of("u1", "u2", "u3");
            case "inline" -> Arbitraries.of("", "Y2M=", "Y2M");
            case "wait" -> Arbitraries.of("0s", "1s", "2s");
            case "suspects" -> Combinators.combine(values.id(), values.incarnation()).as((id, number) -> id + ":"
                    + number);
            default -> Arbitraries.frequencyOf(Tuple.of(2, values.nasty()),
                    Tuple.of(1, Arbitraries.strings().alpha().ofMaxLength(10)));
        };
    }
}
