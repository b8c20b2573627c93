package io.chordshare.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Many nearly idle clients of one node, each with its own connection. */
final class Clients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** So small that a node notices immediately when a client stops reading. */
    private static final int RECEIVE_BUFFER_BYTES = 16 * 1024;

    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Set<Socket> ended = ConcurrentHashMap.newKeySet();

    Clients(int port) {
        this.port = port;
    }

    /** Opens this many connections and sends these bytes over each. */
    Clients open(int count, String bytes) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            if (!begin(socket, bytes.replace("#", Integer.toString(i)))) {
                sockets.remove(socket);
            }
        }
        return this;
    }

    /** @return whether the node took the bytes; it may have closed the connection already */
    private boolean begin(Socket socket, String bytes) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (SocketException e) {
            socket.close();
            return false;
        }
    }

    /**
     * Begins again with new connections where the node has ended one while something was sent: as it may where this
     * machine is so busy that a client does not come to send for a second.
     */
    void openEnded(String bytes) throws IOException {
        for (int i = 0; i < sockets.size(); i++) {
            if (ended.remove(sockets.get(i))) {
                sockets.get(i).close();
                Socket again = new Socket();
                begin(again, bytes.replace("#", Integer.toString(i)));
                sockets.set(i, again);
            }
        }
    }

    /** What the node sent over the connection until it closed it. */
    String readAll(int number) throws IOException {
        return new String(readBytes(number), StandardCharsets.ISO_8859_1);
    }

    /** What the node sent over the connection until it sent a problem or closed it. */
    String readProblem(int number) throws IOException {
        StringBuilder all = new StringBuilder();
        InputStream in = sockets.get(number).getInputStream();
        byte[] some = new byte[RECEIVE_BUFFER_BYTES];
        for (int count = 0; count >= 0 && !all.toString().contains("urn:chordshare:problem:"); count = in.read(some)) {
            all.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    byte[] readBytes(int number) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = sockets.get(number).getInputStream();
        byte[] some = new byte[RECEIVE_BUFFER_BYTES];
        try {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                all.write(some, 0, count);
            }
        } catch (SocketException reset) {
            // The node closed it without reading everything
        }
        return all.toByteArray();
    }

    /** Repeatedly sends this many bytes over each connection that is still open. */
    Trickle trickle(Duration pause, int bytes) {
        byte[] some = "1".repeat(bytes).getBytes(StandardCharsets.ISO_8859_1);
        return new Trickle(Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Thread.sleep(pause);
                    for (Socket socket : sockets) {
                        send(socket, some);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Sends these bytes over each connection. */
    void sendToAll(String bytes) {
        sockets.forEach(socket -> send(socket, bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The node closed it, which is allowed
            ended.add(socket);
        }
    }

    /** Ends with the test. */
    record Trickle(Thread thread) implements AutoCloseable {

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
