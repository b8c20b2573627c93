package io.chordshare.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fake node of a fake ring: serves the real console and answers its calls. So a ring of hundreds of nodes, or one
 * that splits, can be tested.
 */
final class SimulatedNode implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final BigInteger SIZE = BigInteger.ONE.shiftLeft(160);

    record Node(String id, String address, long incarnation) {}

    record Seen(String id, String address, long incarnation, double share, boolean answers, String status) {}

    private final HttpServer server;
    private final List<BlockingQueue<String>> readers = new CopyOnWriteArrayList<>();
    private final List<Node> all = new ArrayList<>();
    private volatile List<Seen> nodes = List.of();
    private volatile String status = "MEMBER";
    private int events;

    SimulatedNode(int count) {
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            // Roughly evenly, as nodes choose their ids
            BigInteger id = SIZE.multiply(BigInteger.valueOf(i * 1000L + random.nextInt(700)))
                    .divide(BigInteger.valueOf(count * 1000L));
            all.add(new Node("%040x".formatted(id), "http://10.0.%d.%d:8081".formatted(i / 250, i % 250 + 1), 1));
        }
        set(IntStream.range(0, count).boxed().toList(), List.of());
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Node node(int index) {
        return all.get(index);
    }

    /** Sets which nodes are in the ring now, and which of these do not answer. */
    void set(List<Integer> present, List<Integer> silent) {
        List<Seen> seen = new ArrayList<>();
        for (int index : present) {
            Node node = all.get(index);
            boolean answers = !silent.contains(index);
            seen.add(new Seen(node.id(), node.address(), 1, 1.0 / present.size(), answers, answers ? "MEMBER" : null));
        }
        nodes = seen;
    }

    void setStatus(String next) {
        status = next;
    }

    void tell(int index, String change) {
        events++;
        String event = ("id: sim-%d\nevent: node\ndata: "
                + "{\"at\":\"2026-11-28T10:00:00Z\",\"node\":%s,\"change\":\"%s\"}\n\n")
                .formatted(events, JSON.writeValueAsString(all.get(index)), change);
        readers.forEach(reader -> reader.add(event));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/events")) {
            events(exchange);
        } else if (path.equals("/ring/nodes")) {
            json(exchange, nodes);
        } else if (path.equals("/ring")) {
            json(exchange, ring(all.getFirst()));
        } else if (path.startsWith("/ring/nodes/")) {
            json(exchange, ring(all.stream().filter(node -> path.endsWith(node.id())).findFirst().orElseThrow()));
        } else {
            resource(exchange, path.equals("/") ? "/console/index.html" : path);
        }
    }

    private Object ring(Node node) {
        int at = all.indexOf(node);
        List<Node> successors = IntStream.rangeClosed(1, Math.min(4, all.size() - 1))
                .mapToObj(i -> all.get((at + i) % all.size())).toList();
        List<Finger> fingers = new ArrayList<>();
        for (int step = 8; step < all.size(); step *= 2) {
            Node finger = all.get((at + step) % all.size());
            fingers.add(new Finger(finger.id(), finger));
        }
        Node before = all.get((at + all.size() - 1) % all.size());
        return new Ring("0".repeat(40), node, status, before, successors, fingers, null);
    }

    record Finger(String start, Node node) {}

    record Ring(String ringId, Node self, String status, Node predecessor, List<Node> successors,
            List<Finger> fingers, Object handover) {}

    private void events(HttpExchange exchange) throws IOException {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        readers.add(queue);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (!Thread.currentThread().isInterrupted()) {
                String event = queue.poll(1, TimeUnit.SECONDS);
                out.write((event == null ? ":\n\n" : event).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.remove(queue);
        }
    }

    private static void json(HttpExchange exchange, Object value) throws IOException {
        send(exchange, "application/json", JSON.writeValueAsBytes(value));
    }

    private static void resource(HttpExchange exchange, String path) throws IOException {
        String place = path.startsWith("/webjars/d3/") ? "/META-INF/resources/webjars/d3/7.9.0/"
                + path.substring("/webjars/d3/".length()) : path;
        try (InputStream in = SimulatedNode.class.getResourceAsStream(place)) {
            if (in == null) {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
                return;
            }
            String type = path.endsWith("js") ? "text/javascript" : path.endsWith("css") ? "text/css"
                    : path.endsWith("svg")
                    ? "image/svg+xml" : "text/html;charset=UTF-8";
            send(exchange, type, in.readAllBytes());
        }
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
