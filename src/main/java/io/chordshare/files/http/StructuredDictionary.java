package io.chordshare.files.http;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a dictionary of structured fields (RFC 9651, section 3.2) and returns its byte sequences. Values of other types
 * and parameters are only checked for syntax, so that a parameter is never mistaken for a value.
 */
final class StructuredDictionary {

    private static final Pattern KEY = Pattern.compile("[a-z*][a-z0-9_.*-]*");
    private static final Pattern BYTES = Pattern.compile(":([A-Za-z0-9+/=]*):");
    /** Integers, decimals, dates, strings, tokens, booleans and display strings. */
    private static final Pattern OTHER_ITEM = Pattern
            .compile("@?-?\\d{1,15}(?:\\.\\d{1,3})?|%?\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+\""
            + "|[A-Za-z*][A-Za-z0-9:/!#$%&'*+.^_`|~-]*|\\?[01]");

    private final String text;
    private int at;

    private StructuredDictionary(String text) {
        this.text = text;
    }

    /** @param bytes null if the value has another type */
    record Member(String key, byte @Nullable [] bytes) {}

    /**
     * All members in order. A repeated key appears repeatedly; the caller decides which value counts.
     *
     * @throws IllegalArgumentException if the text is not a dictionary
     */
    static List<Member> parse(String text) {
        return new StructuredDictionary(text).members();
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        skip(" ");
        while (at < text.length()) {
            String key = expect(KEY).group();
            members.add(new Member(key, accept('=') ? value() : null));
            parameters();
            skip(" \t");
            if (at == text.length()) {
                break;
            }
            require(accept(','));
            skip(" \t");
            // Refuses a comma at the end, too
            require(at < text.length());
        }
        return members;
    }

    private byte @Nullable [] value() {
        if (!accept('(')) {
            return item();
        }
        skip(" ");
        while (!accept(')')) {
            item();
            parameters();
            require(at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ')'));
            skip(" ");
        }
        return null;
    }

    private byte @Nullable [] item() {
        if (at < text.length() && text.charAt(at) == ':') {
            return Base64.getDecoder().decode(expect(BYTES).group(1));
        }
        expect(OTHER_ITEM);
        return null;
    }

    private void parameters() {
        while (accept(';')) {
            skip(" ");
            expect(KEY);
            if (accept('=')) {
                item();
            }
        }
    }

    private Matcher expect(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        require(matcher.lookingAt());
        at = matcher.end();
        return matcher;
    }

    private boolean accept(char character) {
        boolean there = at < text.length() && text.charAt(at) == character;
        at += there ? 1 : 0;
        return there;
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("character " + (at + 1) + " of \"" + text
                    + "\" is not valid in a dictionary");
        }
    }
}
