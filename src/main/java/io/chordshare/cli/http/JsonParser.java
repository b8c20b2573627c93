package io.chordshare.cli.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses JSON (RFC 8259). A library would be most of what the client loads before it can answer. */
final class JsonParser {

    /** No answer of a node has more than ten levels. */
    private static final int MAX_DEPTH = 64;
    /** No node sends longer numbers, and parsing them is slow. */
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private final String text;
    private int at;

    JsonParser(String text) {
        this.text = text;
    }

    Json parse() {
        Json value = value(0);
        skipBlanks();
        if (at < text.length()) {
            throw wrong("the end");
        }
        return value;
    }

    private Json value(int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong("fewer levels");
        }
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> list(depth);
            case '"' -> new Json(string());
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Json object(int depth) {
        Map<String, Json> members = new LinkedHashMap<>();
        expect('{');
        skipBlanks();
        if (peek() == '}') {
            at++;
            return new Json(members);
        }
        while (true) {
            skipBlanks();
            String name = string();
            skipBlanks();
            expect(':');
            members.put(name, value(depth + 1));
            skipBlanks();
            if (peek() == '}') {
                at++;
                return new Json(members);
            }
            expect(',');
        }
    }

    private Json list(int depth) {
        List<Json> items = new ArrayList<>();
        expect('[');
        skipBlanks();
        if (peek() == ']') {
            at++;
            return new Json(items);
        }
        while (true) {
            items.add(value(depth + 1));
            skipBlanks();
            if (peek() == ']') {
                at++;
                return new Json(items);
            }
            expect(',');
        }
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (true) {
            char next = peek();
            if (next < ' ') {
                throw wrong("a character of a string");
            }
            at++;
            if (next == '"') {
                return string.toString();
            }
            string.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() {
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw wrong("an escape");
        };
    }

    private char unit() {
        int unit = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = Character.digit(peek(), HEX);
            if (digit < 0 || peek() > 'f') {
                throw wrong("a hex digit");
            }
            unit = unit * HEX + digit;
            at++;
        }
        return (char) unit;
    }

    private Json word(String word, @Nullable Object meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return new Json(meaning);
    }

    private Json number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == start || at - start > MAX_NUMBER_LENGTH) {
            throw wrong("a value");
        }
        try {
            return new Json(new BigDecimal(text.substring(start, at)));
        } catch (NumberFormatException e) {
            throw wrong("a number");
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw wrong("'" + wanted + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String wanted) {
        return new IllegalArgumentException("no JSON: " + wanted + " is missing at character " + at);
    }
}
