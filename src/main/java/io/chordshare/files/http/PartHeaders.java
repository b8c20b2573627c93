package io.chordshare.files.http;

import io.chordshare.files.PercentEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one part of a form (RFC 7578, section 4). All other headers are ignored.
 *
 * @param fieldName name of the form field; null when the part has none, against the RFC
 * @param fileName null when the part is not a file
 * @param contentType as sent
 * @param transferEncoding as sent
 * @param readable whether everything was valid UTF-8
 */
record PartHeaders(@Nullable String fieldName, @Nullable String fileName, @Nullable String contentType,
                   @Nullable String transferEncoding, boolean readable) {

    /** Stands for headers that exceed {@link FormReader#MAX_PART_HEADER_BYTES}. */
    static final PartHeaders TOO_LARGE = new PartHeaders(null, null, null, null, false);

    private static final Pattern FOLDING = Pattern.compile("\r\n[ \t]+");
    private static final Pattern DISPOSITION = Pattern.compile("(?i)[ \t]*form-data[ \t]*(;.*)?", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("[ \t]*;[ \t]*([^\\s=;\"]+)[ \t]*=[ \t]*");
    private static final String EXTENDED_UTF_8 = "UTF-8''";

    /** @param block the header lines, each with its line end */
    static PartHeaders parse(byte[] block) {
        String text;
        boolean readable = true;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(block)).toString();
        } catch (CharacterCodingException e) {
            // Invalid bytes are replaced: enough to tell which part it is
            text = new String(block, StandardCharsets.UTF_8);
            readable = false;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : FOLDING.matcher(text).replaceAll(" ").split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        Map<String, String> parameters = parameters(headers.getOrDefault("Content-Disposition", ""));
        String fileName = parameters.get("filename");
        return new PartHeaders(decoded(parameters.get("name")),
                fileName == null ? extended(parameters.get("filename*")) : decoded(fileName),
                headers.get("Content-Type"), headers.get("Content-Transfer-Encoding"), readable);
    }

    /** Empty when this is not the disposition of a form part. Names are in lower case. */
    private static Map<String, String> parameters(String disposition) {
        Map<String, String> parameters = new TreeMap<>();
        Matcher whole = DISPOSITION.matcher(disposition);
        String rest = whole.matches() && whole.group(1) != null ? whole.group(1) : "";
        Matcher parameter = PARAMETER.matcher(rest);
        int at = 0;
        while (parameter.region(at, rest.length()).lookingAt()) {
            StringBuilder value = new StringBuilder();
            at = readValue(rest, parameter.end(), value);
            parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value.toString());
        }
        return parameters;
    }

    /** @return the end of the value */
    private static int readValue(String text, int from, StringBuilder value) {
        if (from == text.length() || text.charAt(from) != '"') {
            int end = text.indexOf(';', from) < 0 ? text.length() : text.indexOf(';', from);
            value.append(text.substring(from, end).strip());
            return end;
        }
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += isEscape(text, at) ? 1 : 0;
            value.append(text.charAt(at++));
        }
        return Math.min(at + 1, text.length());
    }

    /**
     * Whether this {@code \} escapes the next {@code "} or {@code \}, as in RFC 822 and older versions of curl.
     * Browsers do not escape a {@code \} in a name. So a {@code \} before the last quote is part of the name, because a
     * quote must end the value.
     */
    private static boolean isEscape(String text, int at) {
        if (text.charAt(at) != '\\' || at + 1 == text.length()) {
            return false;
        }
        char next = text.charAt(at + 1);
        return next == '\\' || (next == '"' && text.indexOf('"', at + 2) >= 0);
    }

    /** Decodes what browsers (WHATWG, multipart/form-data encoding) and curl encode in a name, and nothing else. */
    private static @Nullable String decoded(@Nullable String value) {
        return value == null ? null : value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    }

    /** Decodes {@code filename*}. Not allowed in forms, but some clients that send only ASCII otherwise use it. */
    private static @Nullable String extended(@Nullable String value) {
        if (value == null || !value.regionMatches(true, 0, EXTENDED_UTF_8, 0, EXTENDED_UTF_8.length())) {
            return null;
        }
        try {
            return PercentEncoding.decode(value.substring(EXTENDED_UTF_8.length()));
        } catch (IllegalArgumentException e) {
            // Not this encoding: keep the value, so that a person sees it
            return value;
        }
    }
}
