package io.chordshare.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.chordshare.id.ChordId;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.RegisterStatus;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.model.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/** A node that sends batches gets along with older nodes, and with nonsense. */
class BatchedCallsTest {

    private static final ChordId ID = ChordId.ofName("peer");
    private static final Read READ = new Read(ID.toString(), 1, false);
    private static final RegisterReply NOTHING =
            new RegisterReply(RegisterStatus.DONE, null, Version.NONE, Version.NONE, true, null);

    private final JsonMapper json = JsonMapper.builder().build();
    private final CBORMapper cbor = new CBORMapper();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private PeerClients clients;
    private PeerCalls calls;
    private volatile int status = 200;
    private volatile byte[] batchAnswer = new byte[0];

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            paths.add(path);
            boolean isBatch = path.equals("/peer/messages");
            byte[] body = isBatch ? batchAnswer
                    : json.writeValueAsBytes(path.equals("/ring/ping") ? self() : NOTHING);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", isBatch ? "application/cbor" : "application/json");
            exchange.getResponseHeaders().set(PeerHeaders.NODE, ID.toString());
            exchange.sendResponseHeaders(isBatch ? status : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        clients = new PeerClients(json, to -> new Envelope(to, List.of()));
        calls = new PeerCalls(clients);
    }

    @AfterEach
    void stop() {
        clients.close();
        server.stop(0);
    }

    private Peer self() {
        return new Peer(ID, "http://127.0.0.1:" + server.getAddress().getPort(), 1);
    }

    private PeerException failure() {
        return catchThrowableOfType(PeerException.class, () -> calls.call(self(), READ));
    }

    @Test
    void a_message_and_its_answer_travel_in_a_batch() throws PeerException {
        batchAnswer = cbor.writeValueAsBytes(Map.of("answers", List.of(Map.of("reply", NOTHING))));
        assertThat(calls.call(self(), READ)).isEqualTo(NOTHING);
        assertThat(paths).containsExactly("/ring/ping", "/peer/messages");
    }

    @Test
    void a_node_of_an_older_version_gets_messages_one_by_one() throws PeerException {
        status = 404;
        assertThat(calls.call(self(), READ)).isEqualTo(NOTHING);
        assertThat(calls.call(self(), READ)).isEqualTo(NOTHING);
        assertThat(paths).containsExactly("/ring/ping", "/peer/messages", "/peer/registers/read",
                "/peer/registers/read");
    }

    @Test
    void a_refusal_of_one_message_has_its_reason() {
        batchAnswer = cbor.writeValueAsBytes(Map.of("answers",
                List.of(Map.of("refused", "DISK_FULL", "why", "no room"))));
        assertThat(failure().reason()).isEqualTo(Reason.DISK_FULL);
        assertThat(failure()).hasMessageContaining("no room");
        batchAnswer = cbor.writeValueAsBytes(Map.of("answers",
                List.of(Map.of("refused", "OF_THE_FUTURE", "why", "?"))));
        assertThat(failure().reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void nonsense_instead_of_answers_fails_with_a_reason() {
        for (byte[] nonsense : List.of(new byte[] {1, 2, 3}, cbor.writeValueAsBytes(Map.of()),
                cbor.writeValueAsBytes(Map.of("answers", List.of(Map.of()))))) {
            batchAnswer = nonsense;
            assertThat(failure().reason()).isEqualTo(Reason.FAILED);
        }
        batchAnswer = cbor.writeValueAsBytes(Map.of("answers",
                List.of(Map.of("reply", NOTHING), Map.of("reply", NOTHING))));
        assertThat(failure().reason()).isEqualTo(Reason.NOT_THAT_NODE);
        batchAnswer = cbor.writeValueAsBytes(Map.of("answers", List.of(Map.of("done", Map.of()))));
        assertThat(failure()).hasMessageContaining("the answer to another message");
        batchAnswer = new byte[5 * 1024 * 1024];
        assertThat(failure().reason()).isEqualTo(Reason.NOT_THAT_NODE);
    }

    @Test
    void a_node_that_is_gone_does_not_answer() {
        server.stop(0);
        assertThat(failure().reason()).isEqualTo(Reason.NO_ANSWER);
    }
}
