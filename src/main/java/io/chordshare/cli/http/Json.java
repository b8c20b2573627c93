package io.chordshare.cli.http;

import io.chordshare.cli.terminal.Printable;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value: a node's answer, or a line that the client prints. A missing value, or one of another type, reads as
 * null, empty or zero, because the answer of a newer node may differ.
 *
 * @param value a {@link Map}, {@link List}, {@link String}, {@link BigDecimal}, {@link Boolean} or null
 */
public record Json(@Nullable Object value) {

    static final Json NULL = new Json(null);

    /** @throws IllegalArgumentException if {@code text} is not JSON */
    public static Json parse(String text) {
        return new JsonParser(text).parse();
    }

    /** An object from alternating names and values. */
    public static Json object(@Nullable Object... namesAndValues) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            members.put(String.valueOf(namesAndValues[i]), value instanceof Json json ? json : new Json(value));
        }
        return new Json(members);
    }

    public boolean isNull() {
        return value == null;
    }

    boolean isObject() {
        return value instanceof Map;
    }

    public boolean isList() {
        return value instanceof List;
    }

    /** The member of that name. */
    public Json get(String name) {
        return value instanceof Map<?, ?> members && members.get(name) instanceof Json member ? member : NULL;
    }

    public String text() {
        return value instanceof String text ? text : "";
    }

    public long number() {
        return value instanceof BigDecimal number ? number.longValue() : 0;
    }

    public double fraction() {
        return value instanceof BigDecimal number ? number.doubleValue() : 0;
    }

    public boolean flag() {
        return Boolean.TRUE.equals(value);
    }

    public List<Json> items() {
        return value instanceof List<?> items
                ? items.stream().filter(Json.class::isInstance).map(Json.class::cast).toList() : List.of();
    }

    /** One line of JSON. Characters that a terminal would not show literally are escaped. */
    @Override
    public String toString() {
        return switch (value) {
            case null -> "null";
            case String text -> quoted(text);
            case Map<?, ?> members -> members.entrySet().stream()
                    .map(member -> quoted(String.valueOf(member.getKey())) + ":" + member.getValue())
                    .collect(Collectors.joining(",", "{", "}"));
            case List<?> items -> items.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').append((char) point);
            } else if (Printable.isHarmful(point)) {
                for (char unit : Character.toChars(point)) {
                    quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            } else {
                quoted.appendCodePoint(point);
            }
        });
        return quoted.append('"').toString();
    }
}
