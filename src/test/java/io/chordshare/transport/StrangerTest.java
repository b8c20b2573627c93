package io.chordshare.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.chordshare.id.ChordId;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.replication.ReplicaRequest.PutBlock;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingRequest.GetPredecessorAndSuccessors;
import io.chordshare.ring.protocol.RingRequest.NextHop;
import io.chordshare.ring.protocol.RingRequest.Notify;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.storage.model.Sha256;
import io.chordshare.transport.RawServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Any server can listen at an address from a message. It may be no node, and may be hostile. */
class StrangerTest {

    private static final ChordId ID = ChordId.ofName("a node");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String FAILED = "HTTP/1.1 500 Failed\r\nContent-Type: application/json\r\n"
            + "Chordshare-Node: " + ID + "\r\n";
    private static final String CHUNK = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
    /** An answer of 4 MiB, plus what two operating systems buffer for a reader that does not read. */
    private static final long MAX_TAKEN_BYTES = 24L << 20;
    /** The answer ends before the trailers, so its reader may accept it. */
    private static final String TRAILERS = "trailers";
    /** For a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private final PeerClients clients =
            new PeerClients(JsonMapper.builder().build(), to -> new Envelope(to, List.of("ring")));
    private final PeerCalls calls = new PeerCalls(clients);

    @AfterEach
    void close() {
        clients.close();
    }

    private static Peer at(RawServer server) {
        return new Peer(ID, server.address(), 1);
    }

    private static Answer itself(RawServer server) {
        return RawServer.json("{\"id\":\"" + ID + "\",\"address\":\"" + server.address() + "\",\"incarnation\":1}");
    }

    static final Map<String, Answer> NO_NODES = new LinkedHashMap<>();

    static {
        NO_NODES.put("a web site",
                RawServer.text("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>secret</html>"));
        NO_NODES.put("not found", RawServer.text("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\nsecret"));
        NO_NODES.put("failing", RawServer.text("HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\nsecret"));
        NO_NODES.put("elsewhere",
                RawServer.text("HTTP/1.1 302 Found\r\nLocation: /secret\r\nContent-Length: 0\r\n\r\n"));
        NO_NODES.put("needs a password", RawServer.text("HTTP/1.1 401 Unauthorized\r\n"
                + "WWW-Authenticate: Basic realm=\"secret\"\r\nContent-Length: 0\r\n\r\n"));
        NO_NODES.put("other JSON", RawServer.json("{\"version\":\"secret\"}"));
        NO_NODES.put("an array", RawServer.json("[1,2]"));
        NO_NODES.put("null", RawServer.json("null"));
        NO_NODES.put("nothing", RawServer.json(""));
        NO_NODES.put("half an answer", RawServer.text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{\"id\":"));
        NO_NODES.put("a bad address", RawServer.json("{\"id\":\"" + ID + "\",\"address\":\"http://h/path\"}"));
        NO_NODES.put("no id", RawServer.json("{\"address\":\"http://h:1\",\"incarnation\":1}"));
        NO_NODES.put("odd character set",
                RawServer.text("HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=x-no\r\n"
                + "Content-Length: 2\r\n\r\n{}"));
        NO_NODES.put("odd media type",
                RawServer.text("HTTP/1.1 200 OK\r\nContent-Type: ;;\r\nContent-Length: 2\r\n\r\n{}"));
        NO_NODES.put("odd error", RawServer.text("HTTP/1.1 999 \r\nContent-Type: ;;\r\nContent-Length: 2\r\n\r\n{}"));
        NO_NODES.put("another protocol", RawServer.text("SSH-2.0-OpenSSH_9.6\r\n"));
        NO_NODES.put("control characters", RawServer.text("HTTP/1.1 200 OK\r\nX: \u001b[2J\u0007\r\n\r\n"));
        NO_NODES.put("hangs up", RawServer.text(""));
    }

    @Test
    void an_address_without_a_node_gives_the_same_error_whatever_is_there() throws IOException {
        Set<String> errors = new LinkedHashSet<>();
        for (Map.Entry<String, Answer> nobody : NO_NODES.entrySet()) {
            try (RawServer server = new RawServer(nobody.getValue())) {
                errors.add(nobody.getKey() + "? " + error(server.address()));
                assertThat(server.requests()).as(nobody.getKey()).allMatch("GET /ring/ping"::equals);
            }
        }
        errors.add("closed? " + error("http://127.0.0.1:" + closedPort()));
        errors.add("unknown? " + error("http://no-such-host.invalid:8081"));
        assertThat(errors).hasSize(NO_NODES.size() + 2)
                .allSatisfy(error -> assertThat(error).endsWith("? no Chordshare node answers at ADDRESS"));
    }

    private String error(String address) {
        PeerException refused = catchThrowableOfType(PeerException.class, () -> calls.identify(address));
        assertThat(refused).as(address).isNotNull();
        return String.valueOf(refused.getMessage()).replace(address, "ADDRESS");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static Stream<Request<?>> messages() {
        Peer other = new Peer(ChordId.ofName("other"), "http://other:1", 1);
        return Stream.of(new Ping(), new NextHop(ID), new Notify(other),
                new BroadcastRequest(new LeaveNotice(other, null, true), ID),
                new AskStates(List.of(ID.toString()), null, null), new GetBlock(Sha256.of(new byte[1])),
                new PutBlock(Sha256.of(new byte[1]), new byte[1], 1, "upload"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void nothing_is_sent_to_an_address_before_the_node_that_is_meant_has_answered_there(Request<?> message)
            throws Exception {
        ChordId someoneElse = ChordId.ofName("someone else");
        for (Answer stranger : List.of(RawServer.json("{}"), RawServer.json("{\"id\":\"" + someoneElse
                + "\",\"address\":\"http://a:1\",\"incarnation\":1}"))) {
            try (RawServer server = new RawServer(stranger)) {
                PeerException refused = catchThrowableOfType(PeerException.class,
                        () -> calls.call(at(server), message));
                assertThat(refused.reason()).isEqualTo(Reason.NOT_THAT_NODE);
                assertThat(server.requests()).containsExactly("GET /ring/ping");
            }
        }
    }

    @Test
    void a_node_proves_itself_once_and_again_after_it_failed() throws Exception {
        try (RawServer server = new RawServer(out -> { })) {
            Answer neighbours = RawServer.json("{\"busy\":true,\"self\":{\"id\":\"" + ID + "\",\"address\":\""
                    + server.address() + "\",\"incarnation\":1},\"successors\":[]}");
            server.answer(out -> (server.requests().getLast().endsWith("/ring/ping") ? itself(server) : neighbours)
                    .write(out));
            for (int i = 0; i < 3; i++) {
                assertThat(calls.call(at(server), new GetPredecessorAndSuccessors()).busy()).isTrue();
            }
            assertThat(server.requests()).containsExactly("GET /ring/ping", "GET /peer/neighbours",
                    "GET /peer/neighbours",
                    "GET /peer/neighbours");
            server.answer(RawServer.text("SSH-2.0-OpenSSH_9.6\r\n"));
            for (int i = 0; i < 2; i++) {
                catchThrowableOfType(PeerException.class, () -> calls.call(at(server), new Notify(at(server))));
            }
            List<String> since = server.requests().subList(4, server.requests().size());
            assertThat(since.getFirst()).isEqualTo("POST /ring/notify");
            assertThat(since.subList(1, since.size())).isNotEmpty().containsOnly("GET /ring/ping");
        }
    }

    static final Map<String, Answer> ENDLESS = new LinkedHashMap<>();

    static {
        ENDLESS.put("an error without end", out -> out.text(FAILED + "\r\n").forEver(" ".repeat(65_536)));
        ENDLESS.put("an error of endless chunks", out -> out.text(FAILED + "Transfer-Encoding: chunked\r\n\r\n")
                .forEver(CHUNK));
        ENDLESS.put("an error that says how long", out -> out.text(FAILED + "Content-Length: 999999999999\r\n\r\n")
                .forEver(" ".repeat(65_536)));
        ENDLESS.put("a redirect without end", out -> out.text("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
                .forEver(" ".repeat(65_536)));
        ENDLESS.put("blanks", out -> out.text(OK + "\r\n").forEver(" ".repeat(65_536)));
        ENDLESS.put("blanks in chunks", out -> out.text(OK + "Transfer-Encoding: chunked\r\n\r\n").forEver(CHUNK));
        ENDLESS.put("a string", out -> out.text(OK + "\r\n{\"id\":\"").forEver("a".repeat(65_536)));
        ENDLESS.put("a name", out -> out.text(OK + "\r\n{\"").forEver("a".repeat(65_536)));
        ENDLESS.put("an array", out -> out.text(OK + "\r\n{\"refuted\":[").forEver("null,".repeat(10_000)));
        ENDLESS.put("a number", out -> out.text(OK + "\r\n{\"incarnation\":").forEver("7".repeat(65_536)));
        ENDLESS.put("depth", out -> out.text(OK + "\r\n{\"x\":").forEver("[".repeat(65_536)));
        ENDLESS.put("what says how long", out -> out.text(OK + "Content-Length: 999999999999\r\n\r\n")
                .forEver(" ".repeat(65_536)));
        ENDLESS.put("bytes", out -> out.text("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n")
                .forEver("a".repeat(65_536)));
        ENDLESS.put("headers", out -> out.text(OK).forEver("X-Header: " + "a".repeat(1000) + "\r\n"));
        ENDLESS.put("one header", out -> out.text(OK + "X-Header: ").forEver("a".repeat(65_536)));
        ENDLESS.put("a status line", out -> out.text("HTTP/1.1 200 ").forEver("a".repeat(65_536)));
        ENDLESS.put("answers to come", out -> out.forEver("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"));
        ENDLESS.put("a chunk's size", out -> out.text(OK + "Transfer-Encoding: chunked\r\n\r\n")
                .forEver("0".repeat(65_536)));
        ENDLESS.put("a chunk's extension", out -> out.text(OK + "Transfer-Encoding: chunked\r\n\r\n1;")
                .forEver("a".repeat(65_536)));
        ENDLESS.put(TRAILERS, out -> out.text(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
                .forEver("X-Trailer: " + "a".repeat(1000) + "\r\n"));
    }

    static Set<String> endless() {
        return ENDLESS.keySet();
    }

    @ParameterizedTest
    @MethodSource("endless")
    void an_answer_without_end_costs_a_bounded_number_of_bytes(String endless) throws Exception {
        for (Request<?> message : List.of(new Ping(), new GetBlock(Sha256.of(new byte[1])))) {
            try (RawServer server = new RawServer(out -> { })) {
                server.answer(out -> (server.requests().getLast().endsWith("/ring/ping") ? itself(server)
                        : ENDLESS.get(endless)).write(out));
                PeerException refused = catchThrowableOfType(PeerException.class,
                        () -> calls.call(at(server), message));
                if (!endless.equals(TRAILERS)) {
                    assertThat(refused).as("%s to %s", endless, message).isNotNull();
                    assertThat(String.valueOf(refused.getMessage()).length()).isLessThan(5_000);
                }
                await().atMost(SLACK).until(() -> !server.isWriting());
                assertThat(server.sent()).as("%s to %s", endless, message).isLessThan(MAX_TAKEN_BYTES);
            }
        }
    }

    static final Map<String, Answer> TRICKLING = new LinkedHashMap<>();

    static {
        TRICKLING.put("nothing at all", out -> drop(out, ""));
        TRICKLING.put("headers", out -> drop(out.text(OK), "X: a\r\n"));
        TRICKLING.put("a body", out -> drop(out.text(OK + "\r\n"), " "));
        TRICKLING.put("chunks", out -> drop(out.text(OK + "Transfer-Encoding: chunked\r\n\r\n"), "1\r\n \r\n"));
        TRICKLING.put("an error", out -> drop(out.text(FAILED + "\r\n"), " "));
        TRICKLING.put("after the answer", out -> drop(out.text(OK + "Content-Length: 1000\r\n\r\n{}"), " "));
        TRICKLING.put("trailers", out -> drop(out.text(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"),
                "X: a\r\n"));
    }

    private static void drop(RawServer.Out out, String text) throws IOException {
        while (true) {
            out.text(text);
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Test
    void an_answer_that_trickles_ends_when_the_time_for_the_whole_exchange_is_over() throws Exception {
        List<RawServer> servers = new ArrayList<>();
        Map<String, CompletableFuture<PeerException>> ends = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Answer> trickle : TRICKLING.entrySet()) {
                RawServer server = new RawServer(out -> { });
                servers.add(server);
                server.answer(out -> (server.requests().getLast().endsWith("/ring/ping") ? itself(server)
                        : trickle.getValue()).write(out));
                CompletableFuture<PeerException> end = new CompletableFuture<>();
                ends.put(trickle.getKey(), end);
                Thread.ofVirtual().start(() -> end.complete(
                        catchThrowableOfType(PeerException.class,
                        () -> calls.call(at(server), new GetPredecessorAndSuccessors()))));
            }
            for (Map.Entry<String, CompletableFuture<PeerException>> end : ends.entrySet()) {
                PeerException refused = end.getValue().get(PeerTimeouts.POINTER.limit().plus(SLACK).toMillis(),
                        TimeUnit.MILLISECONDS);
                assertThat(refused).as(end.getKey()).isNotNull();
            }
        } finally {
            for (RawServer server : servers) {
                server.close();
            }
        }
    }
}
