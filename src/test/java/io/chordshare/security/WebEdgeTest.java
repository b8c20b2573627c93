package io.chordshare.security;

import static io.chordshare.operations.RawHttp.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.files.FileName;
import io.chordshare.files.http.FileProblems;
import io.chordshare.operations.RawHttp;
import io.chordshare.operations.RawHttp.Answer;
import io.chordshare.problem.ProblemAdvice;
import io.chordshare.problem.ProblemErrorController;
import io.chordshare.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the web server and the guard do before a controller is called, byte by byte. */
@SpringBootTest(classes = WebEdgeTest.Node.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "management.endpoint.health.group.readiness.include=readinessState",
                "spring.main.banner-mode=off", "chordshare.security.allowed-hosts=lab.example, files.example",
            "chordshare.node.advertised-address=http://node7.example:8081"})
class WebEdgeTest {

    private RawHttp http;

    @BeforeEach
    void connect(@LocalServerPort int port) {
        http = new RawHttp(port);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a.txt | a.txt", "a/b/c | a/b/c", "a%2Fb | a/b", "a;b=1;c/d | a;b=1;c/d", "a+b | a+b",
        "a%5C..%5C..%5C..%5Cb | a\\..\\..\\..\\b",
        "a%3Fb | a?b", "%C3%A9 | \u00e9", "a%25b | a%b", "..;/x | ..;/x"})
    void a_name_arrives_decoded(String raw, String name) throws IOException {
        Answer answer = http.get("/files/" + raw, "Accept: text/plain");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("<" + name + ">");
    }

    @Test
    void a_name_of_1024_bytes_may_be_percent_encoded_throughout() throws IOException {
        assertThat(http.get("/files/" + "%C3%A9".repeat(512)).status()).isEqualTo(200);
        // Decomposed Korean is the longest encoding of a name
        assertThat(http.get("/files/" + "%E1%84%92%E1%85%A1%E1%86%AB".repeat(341)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%00b", "a%", "a%zz", "a%4", "%C0%AF", "%ED%A0%80", "%FF", "a%C3", "..", "%2e%2e", "../a",
        "a/%2E%2E/b", "a%2F..%2F..%2F..%2F..%2Fetc", "../../..", "a/", "a//b", "%2Fa", "a%0Ab", "%7F", "%C2%85", "%2F"})
    void an_invalid_name_is_always_refused_in_the_same_way(String raw) throws IOException {
        assertProblem(http.get("/files/" + raw), ProblemType.INVALID_NAME);
        assertProblem(http.send("PUT", "/files/" + raw, "content"), ProblemType.INVALID_NAME);
    }

    // ---- what Tomcat refuses before anybody else sees it

    @ParameterizedTest
    @ValueSource(strings = {"/other/%", "/other/%00", "/%C0%AF", "/files/a\\b", "/files/a|b", "/files/\"a\"",
            "/files/\u00e9",
        "/files/<a>", "files/a", "/../a", "*"})
    void an_invalid_address_is_refused_with_problem_details(String target) throws IOException {
        assertProblem(http.get(target), ProblemType.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\r\n\r\nnonsense\r\n\r\n",
        "GET\r\n\r\n",
        "G@T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /files/a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", // no Host
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost:x\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "PUT /files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, chunked\r\n\r\n"})
    void invalid_http_is_refused_with_problem_details(String request) throws IOException {
        assertProblem(http.raw(request), ProblemType.INVALID_REQUEST);
    }

    @Test
    void a_wrong_version_of_http_is_named() throws IOException {
        assertProblem(http.raw("GET / HTTP/3.0\r\nHost: localhost\r\n\r\n"), ProblemType.HTTP_VERSION);
    }

    @Test
    void an_unknown_transfer_coding_is_named() throws IOException {
        assertProblem(http.raw("PUT /files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"),
                ProblemType.NOT_IMPLEMENTED);
    }

    @Test
    void an_address_beyond_all_limits_is_called_too_long() throws IOException {
        assertProblem(http.get("/files/" + "a".repeat(100_000)), ProblemType.URI_TOO_LONG);
    }

    @Test
    void headers_beyond_all_limits_are_called_too_large() throws IOException {
        assertProblem(http.get("/files/a", "X-Large: " + "a".repeat(100_000)), ProblemType.HEADERS_TOO_LARGE);
        assertProblem(http.get("/files/a", "X-Many: a\r\n".repeat(200) + "X-Last: a"), ProblemType.HEADERS_TOO_LARGE);
    }

    @Test
    void a_method_that_the_server_refuses_is_not_allowed() throws IOException {
        assertProblem(http.send("TRACE", "/files/a", ""), ProblemType.METHOD_NOT_ALLOWED);
    }

    @Test
    void a_browser_gets_no_html_either() throws IOException {
        assertProblem(http.get("/other/%00", "Accept: text/html"), ProblemType.INVALID_REQUEST);
        assertProblem(http.get("/nothing", "Accept: text/html"), ProblemType.NOT_FOUND);
        assertProblem(http.get("/send-error", "Accept: text/html"), ProblemType.BUSY);
    }

    @Test
    void the_error_page_itself_is_not_found() throws IOException {
        assertProblem(http.get("/error"), ProblemType.NOT_FOUND);
    }

    // ---- the guard, in place

    @Test
    void the_guard_runs_before_everything() throws IOException {
        assertProblem(http.raw("GET /files/a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                ProblemType.MISDIRECTED);
        assertProblem(http.raw("GET /actuator HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                ProblemType.MISDIRECTED);
        assertProblem(http.send("POST", "/files/a", "size=1", "Origin: http://evil.example",
                "Content-Type: application/x-www-form-urlencoded"), ProblemType.FOREIGN_ORIGIN);
        assertProblem(http.send("OPTIONS", "/files/a", "", "Origin: http://evil.example",
                "Access-Control-Request-Method: PUT"),
                ProblemType.FOREIGN_ORIGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab.example", "files.example:1", "node7.example:8081"})
    void the_guard_knows_the_hosts_that_are_set(String host) throws IOException {
        Answer answer = http.raw("GET /files/a HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
    void health_is_answered_for_every_host(String path) throws IOException {
        for (String host : new String[] {"10.244.0.5:8081", "[fd00::5]", "node.svc.cluster.local"}) {
            Answer answer = http.raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.body()).contains("\"status\":\"UP\"");
        }
    }

    @Test
    void http_1_0_without_a_host_is_answered() throws IOException {
        assertThat(http.raw("GET /files/a HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    void a_refused_upload_is_read_to_its_end_so_that_its_sender_sees_why() throws IOException {
        Answer answer = http.send("PUT", "/files/a", "a".repeat(8 << 20), "Sec-Fetch-Site: cross-site");

        assertProblem(answer, ProblemType.FOREIGN_ORIGIN);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebEdge.class, ProblemAdvice.class, FileProblems.class, ProblemErrorController.class,
        NameController.class})
    static class Node {
    }

    @RestController
    static class NameController {

        @RequestMapping("/files/**")
        String name(HttpServletRequest request) {
            return "<" + FileName.fromRequestUri(request.getRequestURI(), "/files/").value() + ">";
        }

        @GetMapping("/send-error")
        void sendError(HttpServletResponse response) throws IOException {
            response.sendError(503, "for the test");
        }
    }
}
