package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Bytes that are not valid HTTP, at the node's port and at the actuator's port, do not fill the log. */
@ExtendWith(OutputCaptureExtension.class)
class MalformedRequestsTest {

    private static final String HOST = "Host: localhost\r\n";
    private static final String CHUNKED = HOST + "Transfer-Encoding: chunked\r\n";
    private static final String JSON = HOST + "Content-Type: application/json\r\n";

    private static final List<String> REQUESTS = List.of(
            "\r\n\r\nnonsense\r\n\r\n",
            "GET\r\n\r\n",
            "\u0000\u0001\u0002\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "G@T / HTTP/1.1\r\n" + HOST + "\r\n",
            "GET / HTTP/9.9\r\n" + HOST + "\r\n",
            "GET /\u001b[2J HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /a\\b HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /a%00b HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /%C0%AF HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /files?a=\u00ff HTTP/1.1\r\n" + HOST + "\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost:99999999999\r\n\r\n",
            "GET http://evil.example/ HTTP/1.1\r\n" + HOST + "\r\n",
            "GET http:// HTTP/1.1\r\n" + HOST + "\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "no colon\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "a\u0000: b\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "Cookie: a=\u0000; =; ==\"\u0001\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "Cookie: $Version=9; \u00ff=\u00ff\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "X-Long: " + "x".repeat(100_000) + "\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "X-Many: x\r\n".repeat(500) + "\r\n",
            "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST
                    + "Upgrade: h2c\r\nHTTP2-Settings: x\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST
                    + "Accept-Language: \u0001;q=x\r\nAccept: ///\r\nRange: bytes=x\r\nDate: x\r\n\r\n",
            "GET / HTTP/1.1\r\n" + HOST + "Origin: \u00ff\r\nForwarded: \"\r\nX-Forwarded-For: \u00ff\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n",
            "TRACE / HTTP/1.1\r\n" + HOST + "\r\n",
            "CONNECT a:1 HTTP/1.1\r\n" + HOST + "\r\n",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Content-Length: x\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Content-Length: -1\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nshort",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Expect: nonsense\r\nContent-Length: 1\r\n\r\na",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Content-Type: \u00ff/;=\r\nContent-Length: 1\r\n\r\na",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "Content-Length: 3\r\n\r\nxyz",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\nxyz\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\n-1\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\nffffffffffffffffff\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\n4\r\nabcdXX\r\n0\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\n4\r\nab",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\n1;" + "x".repeat(100_000) + "\r\na\r\n0\r\n\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\n1\r\na\r\n0\r\n" + "t: x\r\n".repeat(20_000) + "\r\n",
            "PUT /files/a HTTP/1.1\r\n" + CHUNKED + "\r\n1\r\na\r\n0\r\nt\u0000: x\r\n\r\n",
            "PUT /peer/blocks/" + "0".repeat(64) + "?upload=x HTTP/1.1\r\n" + CHUNKED + "\r\nxyz\r\n",
            "PUT /peer/blocks/" + "0".repeat(64) + "?upload=x HTTP/1.1\r\n" + HOST
                    + "Content-Length: 100\r\n\r\nshort",
            "POST /ring/join HTTP/1.1\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "POST /ring/join HTTP/1.1\r\n" + JSON + "Content-Length: 100\r\n\r\n{\"address\":",
            "POST /peer/states HTTP/1.1\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\nzz\r\n",
            "POST /peer/states HTTP/1.1\r\n" + HOST + "Content-Type: a/b/c\r\nContent-Length: 2\r\n\r\n{}",
            "POST /files HTTP/1.1\r\n" + HOST + "Content-Type: multipart/form-data\r\nContent-Length: 2\r\n\r\n--",
            "POST /files HTTP/1.1\r\n" + CHUNKED
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n3\r\n--b\r\nzz\r\n",
            "POST /files HTTP/1.1\r\n" + HOST
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 99\r\n\r\n--b\r\n",
            "POST /ring/leave HTTP/1.1\r\n" + HOST
                    + "Content-Type: application/x-www-form-urlencoded; charset=nonsense\r\n"
                    + "Content-Length: 5\r\n\r\n%zz=1",
            "GET /actuator/metrics/%00 HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /actuator/metrics/a?tag=x HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /actuator/health/../../x HTTP/1.1\r\n" + HOST + "\r\n",
            "POST /actuator/health HTTP/1.1\r\n" + JSON + "Content-Length: 100\r\n\r\n{",
            "GET /v3/api-docs/zzz HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /ring/lookup?name=\u0000 HTTP/1.1\r\n" + HOST + "\r\n");

    @Test
    void the_log_has_no_stack_trace_and_no_control_character(@TempDir Path directory, CapturedOutput output)
            throws IOException {
        int management = LocalNode.freePort();
        try (LocalNode node = new LocalNode(directory, "--management.server.port=" + management,
                "--management.server.address=127.0.0.1").start("--logging.level.root=info",
                "--logging.level.org.springframework=info")) {
            int before = output.getAll().length();
            List<String> stacks = new ArrayList<>();
            for (RawClient port : List.of(node.raw(), new RawClient(management))) {
                for (String request : REQUESTS) {
                    Reply reply = port.exchange(request, new byte[0]);
                    assertThat(reply.status()).as(request + ": " + reply.describe()).isNotEqualTo(500);
                    String logged = output.getAll().substring(before);
                    before = output.getAll().length();
                    if (logged.contains("\tat ") || logged.contains("Exception")
                            || logged.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
                        stacks.add(request.substring(0, Math.min(request.length(), 200)) + " ==> "
                                + logged.lines().limit(4).toList());
                    }
                }
            }
            assertThat(stacks).isEmpty();
            node.api().get("/ring").assertStatus(200);
        }
    }
}
