package io.chordshare.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Sends bytes that no proper client would send, and reads until the server closes the connection. */
record RawClient(int port) {

    private static final int PATIENCE_MILLIS = 30_000;

    Reply send(String method, String target, String body, String... headers) throws IOException {
        return exchange(head(method, target, "Content-Length: " + Api.bytes(body).length, headers), Api.bytes(body));
    }

    /** Sends request line and headers. The body that follows need not match the headers. */
    String head(String method, String target, String framing, String... headers) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n" + framing
                + "\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    /** Sends nothing more, but still reads the response. */
    Reply exchange(String head, byte[] body) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.shutdownOutput();
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    /** Sends and disconnects. */
    void abandon(String head, byte[] body) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Status 0 means that the connection was closed without a response. */
    private static Reply parse(byte[] bytes) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (end < 0) {
            return new Reply(0, headers, bytes);
        }
        String[] lines = all.substring(0, end).split("\r\n");
        for (int i = 1; i < lines.length; i++) {
            String[] pair = lines[i].split(":\\s*", 2);
            headers.merge(pair[0], pair[1], (one, other) -> one + ", " + other);
        }
        String body = all.substring(end + 4);
        boolean chunked = "chunked".equals(headers.get("Transfer-Encoding"));
        return new Reply(Integer.parseInt(lines[0].split(" ")[1]), headers,
                (chunked ? dechunk(body) : body).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String dechunk(String body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int lineEnd = body.indexOf("\r\n", at);
            int length = Integer.parseInt(body.substring(at, lineEnd), 16);
            if (length == 0) {
                return whole.toString(StandardCharsets.ISO_8859_1);
            }
            whole.writeBytes(body.substring(lineEnd + 2, lineEnd + 2 + length).getBytes(StandardCharsets.ISO_8859_1));
            at = lineEnd + 2 + length + 2;
        }
    }
}
