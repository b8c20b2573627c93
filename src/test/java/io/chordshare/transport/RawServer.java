package io.chordshare.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Answers every request with the bytes that a test gives, until nobody reads them any more. */
final class RawServer implements AutoCloseable {

    /** Writes an answer, possibly without end. */
    interface Answer {

        void write(Out out) throws IOException;
    }

    /** Counts the bytes that the other side, or its operating system, accepted. */
    record Out(OutputStream socket, AtomicLong sent) {

        Out text(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            socket.write(bytes);
            socket.flush();
            sent.addAndGet(bytes.length);
            return this;
        }

        void forEver(String text) throws IOException {
            while (true) {
                text(text);
            }
        }
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicInteger writing = new AtomicInteger();
    private volatile Answer answer;

    RawServer(Answer answer) throws IOException {
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    /** Sets the answer for all later requests. */
    void answer(Answer next) {
        answer = next;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                requests.add(line.replace(" HTTP/1.1", ""));
                int length = 0;
                boolean chunked = false;
                for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    length = header.toLowerCase().startsWith("content-length:")
                            ? Integer.parseInt(header.substring("content-length:".length()).strip()) : length;
                    chunked |= header.equalsIgnoreCase("transfer-encoding: chunked");
                }
                in.skip(length);
                for (String chunk = chunked ? in.readLine() : "0"; !chunk.equals("0"); chunk = in.readLine()) {
                    in.skip(Integer.parseInt(chunk, 16) + "\r\n".length());
                }
                if (chunked) {
                    in.readLine();
                }
                writing.incrementAndGet();
                try {
                    answer.write(new Out(socket.getOutputStream(), sent));
                } finally {
                    writing.decrementAndGet();
                }
            }
        } catch (IOException e) {
            // nobody reads any more
        }
    }

    String address() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Each request as {@code METHOD /path?query}. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    long sent() {
        return sent.get();
    }

    /** Whether an answer is under way: its reader has neither closed the connection nor read it all. */
    boolean isWriting() {
        return writing.get() > 0;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    static Answer json(String json) {
        return out -> out.text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                + "\r\n\r\n" + json);
    }

    static Answer text(String whole) {
        return out -> {
            out.text(whole);
            out.socket().close();
        };
    }
}
