package io.chordshare.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens at the address of an alleged node and gives hostile answers: endless, empty or garbage. */
final class HostilePeer implements AutoCloseable {

    /** A node that reads all of this runs out of memory. A correct node hangs up long before. */
    private static final int ENDLESS = 200 * 1024 * 1024;
    private static final String JSON = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    HostilePeer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("hostile-peer").start(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Number of requests that it has received. */
    int asked() {
        return next.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> answer(socket, next.getAndIncrement()));
            } catch (IOException e) {
                // closed, or too many requests: the sender gets no answer
                continue;
            }
        }
    }

    private void answer(Socket socket, int turn) {
        try (socket) {
            socket.getInputStream().read(new byte[8192]);
            OutputStream out = socket.getOutputStream();
            switch (turn % 8) {
                case 0 -> endless(out, "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n\r\n");
                case 1 -> endless(out, JSON + "\r\n\"");
                case 2 -> endless(out, JSON + "X-Endless: ");
                case 3 -> out.write((JSON
                        + "Content-Length: 2147483647\r\n\r\n{").getBytes(StandardCharsets.ISO_8859_1));
                case 4 -> out.write((JSON + "Connection: close\r\n\r\n" + "[".repeat(50_000))
                        .getBytes(StandardCharsets.ISO_8859_1));
                case 5 -> out.write("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
                case 6 -> out.write((JSON
                        + "Connection: close\r\n\r\n{\"id\":null,\"address\":{},\"incarnation\":1e99}")
                        .getBytes(StandardCharsets.ISO_8859_1));
                // sends nothing until the sender gives up
                default -> socket.getInputStream().read(new byte[1]);
            }
        } catch (IOException e) {
            // the sender hung up, as it should
            return;
        } finally {
            open.remove(socket);
        }
    }

    private static void endless(OutputStream out, String head) throws IOException {
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        byte[] part = "a".repeat(65_536).getBytes(StandardCharsets.ISO_8859_1);
        for (int sent = 0; sent < ENDLESS; sent += part.length) {
            out.write(part);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
