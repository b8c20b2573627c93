package io.chordshare.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.chordshare.id.ChordId;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A peer's answers follow the same rules as its requests. An answer that breaks a rule fails with a reason. */
class BrokenAnswersTest {

    private static final ChordId ID = ChordId.ofName("peer");

    private final JsonMapper json = JsonMapper.builder().build();
    private HttpServer server;
    private PeerClients clients;
    private volatile String body = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean handshake = exchange.getRequestURI().getPath().equals("/ring/ping");
            byte[] bytes = (handshake ? json.writeValueAsString(self()) : body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set(PeerHeaders.NODE, ID.toString());
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        clients = new PeerClients(json, to -> new Envelope(to, List.of()));
    }

    @AfterEach
    void stop() {
        clients.close();
        server.stop(0);
    }

    private PeerException asked(Request<?> question, String answer) {
        body = answer;
        return catchThrowableOfType(PeerException.class, () -> new PeerCalls(clients).call(self(), question));
    }

    private Peer self() {
        return new Peer(ID, "http://127.0.0.1:" + server.getAddress().getPort(), 1);
    }

    @Test
    void a_record_that_breaks_a_rule_says_which_and_nothing_of_the_node() {
        PeerException broken = asked(new ReadRecord(ID.toString()), """
                {"key":"zzz","name":"a","view":0,"version":{"counter":1,"writer":"x"},"deleted":true,"size":0,
                "sha256":"%s","contentType":"text/plain",
                "modified":"2026-11-28T00:00:00Z","copies":"all","content":{}}"""
                .formatted("0".repeat(64)));
        assertThat(broken.reason()).isEqualTo(Reason.FAILED);
        assertThat(broken).hasMessageContaining("the key of a file is the hash of its name");
    }

    @Test
    void a_page_of_the_index_that_breaks_a_rule_is_no_page() {
        PeerException broken = asked(new ReadIndex("", 0), "{\"epoch\":\"e\",\"entries\":[],\"last\":-1}");
        assertThat(broken.reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void who_answers_the_rings_own_questions_with_nonsense_is_no_node_to_point_to() {
        String self = "{\"id\":\"" + ID + "\",\"address\":\"http://127.0.0.1:1\",\"incarnation\":9223372036854775807}";
        assertThat(asked(new RingRequest.Ping(), "{\"self\":" + self + ",\"ringIds\":[],\"status\":\"MEMBER\"}")
                .reason())
                .isEqualTo(Reason.NOT_THAT_NODE);
        assertThat(asked(new RingRequest.NextHop(ID), "{}").reason()).isEqualTo(Reason.NOT_THAT_NODE);
    }
}
