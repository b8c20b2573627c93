package io.chordshare.chaos;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends requests byte for byte, and reads any response, however malformed. */
final class FuzzClient {

    /** A join or a lookup through a silent node takes long on two busy cores. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A stream of events never ends, so the client waits only briefly after its first bytes. */
    private static final Duration PATIENCE_WITH_A_STREAM = Duration.ofMillis(300);
    private static final int MOST_READ = 256 * 1024;

    private final URI address;

    FuzzClient(String address) {
        this.address = URI.create(address);
    }

    /**
     * The response.
     *
     * @param status 0 without a response
     * @param head   status line and headers
     * @param cut    why the connection broke before the end of the response; empty otherwise
     */
    record Answer(int status, String head, String body, String cut) {}

    Answer send(FuzzRequest request) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        String cut = "";
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(address.getHost()), address.getPort()),
                    Math.toIntExact(PATIENCE.toMillis()));
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            cut = write(socket, request.bytes(address.getAuthority()));
            read(socket, received);
        } catch (SocketTimeoutException e) {
            cut = "nothing came for " + PATIENCE;
        } catch (IOException e) {
            cut = cut.isEmpty() ? e.toString() : cut;
        }
        return parse(received.toString(StandardCharsets.ISO_8859_1), cut);
    }

    /** A server may answer before it has read everything and stop reading. That answer counts. */
    private static String write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return "";
        } catch (IOException e) {
            return "not all of the request was taken: " + e;
        }
    }

    private static void read(Socket socket, ByteArrayOutputStream received) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        boolean isStream = false;
        int read = in.read(buffer);
        while (read >= 0 && received.size() < MOST_READ) {
            received.write(buffer, 0, read);
            if (isStream) {
                return;
            }
            isStream = new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains("text/event-stream");
            if (isStream) {
                socket.setSoTimeout(Math.toIntExact(PATIENCE_WITH_A_STREAM.toMillis()));
            }
            read = in.read(buffer);
        }
    }

    private static Answer parse(String all, String cut) {
        String rest = all;
        while (rest.startsWith("HTTP/1.1 1")) {
            rest = rest.substring(Math.min(rest.length(), Math.max(rest.indexOf("\r\n\r\n"), 0) + 4));
        }
        int end = rest.indexOf("\r\n\r\n");
        String[] line = rest.split(" ", 3);
        boolean answered = end > 0 && line.length > 1 && line[1].matches("\\d{3}.*");
        return answered ? new Answer(Integer.parseInt(line[1].substring(0, 3)), rest.substring(0, end),
                rest.substring(end + 4), cut) : new Answer(0, "", rest, cut);
    }
}
