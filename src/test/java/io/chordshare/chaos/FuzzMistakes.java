package io.chordshare.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Mistakes that any HTTP request can contain. */
final class FuzzMistakes {

    private static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS",
            "TRACE",
            "PROPFIND", "QUERY", "get", "X");
    private static final List<String> HEADERS = List.of("Accept: text/html", "Accept: application/xml;q=abc",
            "Accept: ,,,",
            "Accept-Encoding: gzip, br;q=1.5", "Accept-Charset: x", "Accept-Language: ,;q", "Content-Type: ",
            "Content-Type: x/y/z", "Content-Type: application/json; charset=nonsense", "Content-Type: text/plain",
            "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data",
            "Content-Type: multipart/form-data; boundary=\"", "Content-Encoding: gzip", "Content-Range: bytes 0-1/2",
            "Content-Digest: sha-256=:not base64:", "Repr-Digest: ", "Range: bytes=5-1",
            "Range: bytes=0-0,".repeat(200),
            "Range: bytes=99999999999999999999-", "If-Range: Sat, 28 Nov 2026 99:99:99 GMT",
            "If-Modified-Since: yesterday",
            "If-Unmodified-Since: 0", "If-Match: \"", "If-None-Match: W/", "Expect: 100-continue", "Expect: x",
            "Upgrade: websocket", "Cookie: a=\"b", "Origin: null", "Origin: http://evil.example",
            "Sec-Fetch-Site: cross-site", "Authorization: Basic !", "X-HTTP-Method-Override: DELETE",
            "Forwarded: for=\"_x", "X-Forwarded-For: 999.1.1.1", "X-Forwarded-Host: \u0001",
            "X-Forwarded-Prefix: /\\evil",
            "Chordshare-To: ffff", "Chordshare-To: " + "f".repeat(40), "Chordshare-To: ", "Chordshare-Ring: x,y,,z",
            "Chordshare-Ring: " + "r,".repeat(3000), "Chordshare-Protocol: 99999999999", "Chordshare-Protocol: -1",
            "Chordshare-Protocol: 2", "Chordshare-Node: x", "Chordshare-Reason: FAILED", "Last-Event-ID: 1e9",
            "Accept: text/event-stream", "TE: trailers", "Via: " + "x".repeat(4000));
    private static final List<String> BROKEN = List.of("Host: ", "Host: a b", "Host: [::1", "Host: localhost:99999",
            "Host: evil.example", "NoColon", "Bad Name: 1", ": empty", "X: \u0000", "X: \u00ff\u00fe", " folded: 1",
            "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: +3",
            "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x",
            "Connection: X-A, close",
            "X-Big: " + "x".repeat(70_000));
    private static final List<String> BAD_PARTS = List.of("%", "%zz", "%0", "%00", "%C3%28", "%ED%A0%80", "%FF",
            "%0d%0aX-Injected:%201",
            "%2e%2e%2f", "%2F", "%5C", ";x=1", "+", "&&==&", "\u00ff\u00fe", "\u00c3\u0028", "[]{}|^`\"<>\\", "#x",
            "??", "\u0001",
            "%25%30%30");

    private FuzzMistakes() {}

    enum Kind {
        METHOD, HEADER, HEADERS, BROKEN_HEADER, PATH, PATH_TEXT, QUERY, QUERY_TEXT, MANY_QUERIES, TWICE, BODY,
                LENGTH, CHUNKED, NO_HEADERS
    }

    /** @param text inserted where the mistake needs a text */
    record Mistake(Kind kind, long salt, String text) {

        FuzzRequest in(FuzzRequest request) {
            SplittableRandom random = new SplittableRandom(salt);
            String target = request.target();
            return switch (kind) {
                case METHOD -> request.withMethod(METHODS.get(random.nextInt(METHODS.size())));
                case HEADER -> request.withHeader(HEADERS.get(random.nextInt(HEADERS.size())));
                case HEADERS -> request.withHeaders(Collections.nCopies(1 + random.nextInt(300), "X-Many: 1"));
                case BROKEN_HEADER -> request.withHeader(BROKEN.get(random.nextInt(BROKEN.size()))).improper();
                case PATH -> request.withTarget(inserted(target, random,
                        BAD_PARTS.get(random.nextInt(BAD_PARTS.size())),
                        pathEnd(target))).improper();
                case PATH_TEXT -> request.withTarget(inserted(target, random, FuzzRequest.encoded(text,
                        random.nextBoolean()), pathEnd(target)));
                case QUERY -> request.withTarget(target + (target.contains("?") ? "&" : "?") + "q="
                        + BAD_PARTS.get(random.nextInt(BAD_PARTS.size()))).improper();
                case QUERY_TEXT -> request.withTarget(withQueryText(target, text));
                case MANY_QUERIES -> request.withTarget(target + (target.contains("?") ? "&" : "?")
                        + "a=1&".repeat(random.nextInt(1500)));
                case TWICE -> request.withTarget(target + (target.contains("?") ? "&" + query(target)
                        : "")).withHeaders(
                        twice(request.headers()));
                case BODY -> request.withBody(FuzzJson.spoilBytes(request.body(), random));
                case LENGTH -> request.withFraming("Content-Length: " + random.nextInt(2 * request.body().length + 10))
                        .improper();
                case CHUNKED -> request.withFraming("Transfer-Encoding: chunked").improper();
                case NO_HEADERS -> request.withHeaders(List.of());
            };
        }

        private static int pathEnd(String target) {
            return target.contains("?") ? target.indexOf('?') : target.length();
        }

        private static String query(String target) {
            return target.substring(target.indexOf('?') + 1);
        }

        private static List<String> twice(List<String> headers) {
            List<String> all = new ArrayList<>(headers);
            all.addAll(headers);
            return all;
        }

        /** Usually after the last slash, where a name or a key is. */
        private static String inserted(String target, SplittableRandom random, String part, int end) {
            int at = random.nextInt(3) > 0 ? target.lastIndexOf('/', end - 1) + 1 : 1 + random.nextInt(end);
            return target.substring(0, at) + part + target.substring(random.nextBoolean() ? at : end);
        }

        private static String withQueryText(String target, String text) {
            if (!target.contains("=")) {
                return target + (target.contains("?") ? "&" : "?") + "x=" + FuzzRequest.encoded(text, false);
            }
            return target.substring(0, target.lastIndexOf('=') + 1) + FuzzRequest.encoded(text, false);
        }
    }
}
