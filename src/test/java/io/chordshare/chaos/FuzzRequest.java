package io.chordshare.chaos;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request as it is sent. Targets and headers are in ISO 8859-1, one character per byte, so that any byte can be
 * sent.
 *
 * @param operation the operation of the OpenAPI document
 * @param node      the number of the receiving node
 * @param target    the request target
 * @param headers   whole lines; a missing Host is added
 * @param framing   the header for the length of the body, or empty
 * @param proper    whether it is proper HTTP, so that there must be an answer
 */
record FuzzRequest(String operation, int node, String method, String target, List<String> headers, byte[] body,
                   String framing, boolean proper) {

    /** At most this much of a request is shown in a problem report. */
    private static final int SHOWN = 1_500;

    FuzzRequest withMethod(String next) {
        return new FuzzRequest(operation, node, next, target, headers, body, framing, proper);
    }

    FuzzRequest withTarget(String next) {
        return new FuzzRequest(operation, node, method, next, headers, body, framing, proper);
    }

    FuzzRequest withHeader(String line) {
        List<String> more = new ArrayList<>(headers);
        more.add(line);
        return new FuzzRequest(operation, node, method, target, more, body, framing, proper);
    }

    FuzzRequest withHeaders(List<String> next) {
        return new FuzzRequest(operation, node, method, target, next, body, framing, proper);
    }

    FuzzRequest withBody(byte[] next) {
        return new FuzzRequest(operation, node, method, target, headers, next, "Content-Length: " + next.length,
                proper);
    }

    FuzzRequest withFraming(String next) {
        return new FuzzRequest(operation, node, method, target, headers, body, next, proper);
    }

    /** Marks the request as one that needs no answer. */
    FuzzRequest improper() {
        return new FuzzRequest(operation, node, method, target, headers, body, framing, false);
    }

    /** @param host of the receiving node */
    byte[] bytes(String host) {
        StringBuilder head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        if (headers.stream().noneMatch(line -> line.regionMatches(true, 0, "host:", 0, 5))) {
            head.append("Host: ").append(host).append("\r\n");
        }
        head.append("Connection: close\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        head.append(framing).append(framing.isEmpty() ? "" : "\r\n").append("\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** For people, with everything escaped that affects a terminal. */
    @Override
    public String toString() {
        String text = new String(bytes("node" + (node + 1)), StandardCharsets.ISO_8859_1);
        StringBuilder shown = new StringBuilder();
        text.chars().limit(SHOWN).forEach(c -> {
            if (c == '\n' || c >= ' ' && c < 127) {
                shown.append((char) c);
            } else if (c != '\r') {
                shown.append("\\x%02x".formatted(c));
            }
        });
        return shown + (text.length() > SHOWN ? "... (%,d bytes)".formatted(text.length()) : "");
    }

    /** The UTF-8 bytes of a text, one character per byte. */
    static String raw(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Encoded for a path or a query. */
    static String encoded(String text, boolean keepSlashes) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
                    || "-._~".indexOf(b) >= 0
                    || keepSlashes && b == '/';
            encoded.append(plain ? Character.toString(b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }
}
