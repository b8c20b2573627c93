package io.chordshare.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers as a test says, even against the rules of HTTP. Each connection takes one request. */
public final class FakeNode implements AutoCloseable {

    public final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final ServerSocket server;
    private final Handler handler;

    private FakeNode(Handler handler) {
        this.handler = handler;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static FakeNode answering(Handler handler) {
        FakeNode node = new FakeNode(handler);
        Thread.ofVirtual().start(node::serve);
        return node;
    }

    /** Handles one request. */
    public interface Handler {

        /** @param in the body, as it arrives */
        void answer(Request request, InputStream in, OutputStream out) throws IOException;
    }

    /** @param head all lines of the head */
    public record Request(String head) {

        public String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** Empty when the header is missing. */
        public String header(String name) {
            Matcher matcher = Pattern.compile("(?imd)^" + name + ": *(.*?)\r$").matcher(head);
            return matcher.find() ? matcher.group(1) : "";
        }
    }

    public String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Writes a head. */
    public static void head(OutputStream out, String status, String... headers) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + String.join("", Arrays.stream(headers)
                .map(header -> header + "\r\n").toList()) + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    public static void json(OutputStream out, String status, String json, String... headers) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Length: " + bytes.length);
        head(out, status, all.toArray(String[]::new));
        out.write(bytes);
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    return;
                }
                head.write(octet);
            }
            Request request = new Request(head.toString(StandardCharsets.ISO_8859_1));
            requests.add(request);
            handler.answer(request, in, socket.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
