package io.chordshare.chaos;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Damages a valid JSON text, at one place of its tree or in its bytes. */
final class FuzzJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int[] DEPTHS = {20, 600, 20_000};
    private static final int[] LENGTHS = {300, 5_000, 300_000};
    private static final int[] SIZES = {10, 300, 20_000};

    private FuzzJson() {}

    static byte[] spoil(JsonNode message, RandomGenerator random) {
        JsonNode tree = message.deepCopy();
        byte[] text = switch (random.nextInt(12)) {
            case 0 -> text(JSON.nullNode());
            case 1 -> text(odd(random));
            case 2 -> nested(DEPTHS[random.nextInt(DEPTHS.length)], random.nextBoolean());
            default -> text(spoiled(tree, random));
        };
        return random.nextInt(8) == 0 ? spoilBytes(text, random) : text;
    }

    static byte[] text(JsonNode tree) {
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A field of an object, or a place of a list. */
    private record Place(JsonNode parent, String field, int index) {

        void set(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(field, value);
            } else if (parent instanceof ArrayNode array) {
                array.set(index, value);
            }
        }

        JsonNode get() {
            return parent instanceof ObjectNode ? parent.get(field) : parent.get(index);
        }
    }

    private static JsonNode spoiled(JsonNode tree, RandomGenerator random) {
        List<Place> places = new ArrayList<>();
        collect(tree, places);
        if (places.isEmpty()) {
            return odd(random);
        }
        Place place = places.get(random.nextInt(places.size()));
        switch (random.nextInt(6)) {
            case 0 -> {
                if (place.parent() instanceof ObjectNode object) {
                    object.remove(place.field());
                } else {
                    place.set(JSON.nullNode());
                }
            }
            case 1 -> place.set(JSON.nullNode());
            case 2 -> place.set(JSON.arrayNode().add(place.get()));
            case 3 -> place.set(many(place.get(), SIZES[random.nextInt(SIZES.length)]));
            case 4 -> place.set(JSON.objectNode().put("@class", "x").put("unknown", 1).set("x", place.get()));
            default -> place.set(odd(random));
        }
        return tree;
    }

    private static void collect(JsonNode tree, List<Place> places) {
        if (tree instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                places.add(new Place(object, field.getKey(), 0));
                collect(field.getValue(), places);
            });
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                places.add(new Place(array, "", i));
                collect(array.get(i), places);
            }
        }
    }

    private static JsonNode many(JsonNode one, int size) {
        ArrayNode list = JSON.arrayNode();
        // at most some megabytes
        int count = Math.min(size, 4_000_000 / (one.toString().length() + 1));
        for (int i = 0; i < count; i++) {
            list.add(one);
        }
        return list;
    }

    private static JsonNode odd(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> number(FuzzValues.HUGE.get(random.nextInt(FuzzValues.HUGE.size())));
            case 1 -> JSON.stringNode("z".repeat(LENGTHS[random.nextInt(LENGTHS.length)]));
            case 2 -> JSON.stringNode(List.of("", "\u0000", "a\nX-Injected: 1\u001b[1m", "..", "-", "\ud800", "true",
                    "1e999")
                    .get(random.nextInt(8)));
            case 3 -> JSON.booleanNode(random.nextBoolean());
            default -> JSON.arrayNode();
        };
    }

    private static JsonNode number(Number value) {
        return switch (value) {
            case BigInteger whole -> JSON.numberNode(whole);
            case BigDecimal decimal -> JSON.numberNode(decimal);
            default -> JSON.numberNode(value.longValue());
        };
    }

    private static byte[] nested(int depth, boolean lists) {
        return ((lists ? "[" : "{\"a\":").repeat(depth) + "1" + (lists ? "]" : "}").repeat(depth))
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] spoilBytes(byte[] text, RandomGenerator random) {
        if (text.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        byte[] spoiled = text.clone();
        int at = random.nextInt(text.length);
        switch (random.nextInt(5)) {
            case 0 -> {
                return Arrays.copyOf(spoiled, at);
            }
            case 1 -> spoiled[at] = (byte) random.nextInt(256);
            case 2 -> {
                return (new String(text, StandardCharsets.UTF_8) + "]}").getBytes(StandardCharsets.UTF_8);
            }
            case 3 -> {
                return new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
            }
            default -> Arrays.fill(spoiled, at, Math.min(text.length, at + 4), (byte) 0xff);
        }
        return spoiled;
    }
}
