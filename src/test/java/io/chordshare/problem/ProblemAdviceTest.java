package io.chordshare.problem;

import static io.chordshare.operations.RawHttp.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.files.InvalidNameException;
import io.chordshare.operations.RawHttp;
import io.chordshare.operations.RawHttp.Answer;
import io.chordshare.security.WebEdge;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What a client receives, byte by byte, when a controller or Spring MVC fails. */
@SpringBootTest(classes = ProblemAdviceTest.Node.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "management.endpoint.health.group.readiness.include=readinessState",
                "spring.main.banner-mode=off", "spring.mvc.formcontent.filter.enabled=false"})
@ExtendWith(OutputCaptureExtension.class)
class ProblemAdviceTest {

    private RawHttp http;

    @BeforeEach
    void connect(@LocalServerPort int port) {
        http = new RawHttp(port);
    }

    @Test
    void a_domain_exception_becomes_its_problem_and_retry_after_is_rounded_up() throws IOException {
        Answer answer = http.get("/fails/busy");

        assertProblem(answer, ProblemType.BUSY);
        assertThat(answer.headers()).containsEntry("retry-after", "2");
        assertThat(answer.problem().path("detail").asString()).isEqualTo("Come back later.");
        assertThat(answer.problem().path("instance").asString()).isEqualTo("/fails/busy");
    }

    @Test
    void headers_of_unsent_content_are_removed() throws IOException {
        Answer answer = http.get("/fails/prepared");

        assertProblem(answer, ProblemType.PEER_FAILED);
        assertThat(answer.headers()).doesNotContainKeys("etag", "repr-digest", "content-disposition", "last-modified");
    }

    @Test
    void an_unexpected_exception_is_an_incident_in_response_and_log(CapturedOutput output) throws IOException {
        Answer answer = http.get("/fails/unexpectedly");

        JsonNode problem = assertProblem(answer, ProblemType.INTERNAL);
        String incident = problem.path("detail").asString().replaceAll(".*incident ([0-9a-f]{8}) .*", "$1");
        assertThat(incident).hasSize(8);
        assertThat(output).contains("Incident " + incident, "secret reason");
        assertThat(answer.text()).doesNotContain("secret reason");
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Disk quota exceeded", "File too large"})
    void a_full_disk_is_507_and_not_an_incident(String reason, CapturedOutput output)
            throws IOException {
        Answer answer = http.get("/fails/no-room?reason=" + reason.replace(" ", "%20"));

        assertProblem(answer, ProblemType.DISK_FULL);
        assertThat(answer.text()).doesNotContain("/secret");
        assertThat(output).doesNotContain("Incident");
    }

    @Test
    void an_error_of_the_virtual_machine_is_an_incident_too() throws IOException {
        assertProblem(http.get("/fails/error"), ProblemType.INTERNAL);
    }

    @Test
    void an_unsupported_method_is_answered_with_the_supported_ones() throws IOException {
        Answer answer = http.send("DELETE", "/json", "");

        assertThat(assertProblem(answer, ProblemType.METHOD_NOT_ALLOWED).path("detail").asString())
                .contains("\"DELETE\"", "POST");
        assertThat(answer.headers().get("allow")).contains("POST");
    }

    @Test
    void content_in_another_format_is_refused() throws IOException {
        Answer answer = http.send("POST", "/json", "size=1", "Content-Type: text/plain");

        assertThat(assertProblem(answer, ProblemType.UNSUPPORTED_MEDIA_TYPE).path("detail").asString())
                .contains("\"text/plain\"", "application/json");
        assertProblem(http.send("POST", "/json", "size=1", "Content-Type: nonsense"),
                ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void an_unknown_accept_header_does_not_change_a_controllers_response() throws IOException {
        Answer answer = http.get("/typed?limit=1", "Accept: image/png");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
    }

    /** Spring Boot's own endpoints choose the format before they do anything. */
    @Test
    void an_unknown_accept_header_is_not_acceptable_to_the_actuator() throws IOException {
        Answer answer = http.get("/actuator/health", "Accept: image/png");

        assertThat(assertProblem(answer, ProblemType.NOT_ACCEPTABLE).path("detail").asString())
                .contains("application/json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"size\":\"many\"} | \"size\", line 1",
        "{\"size\": | line 1",
        "[1] | line 1",
        "`` | Send JSON"})
    void invalid_json_is_reported_with_its_position(String body, String where) throws IOException {
        Answer answer = http.send("POST", "/json", body, "Content-Type: application/json");

        assertThat(assertProblem(answer, ProblemType.INVALID_REQUEST).path("detail").asString()).contains(where);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/typed | Add the parameter \"limit\"",
        "/typed?limit=many | \"limit\" cannot be \"many\": use a whole number",
        "/typed?limit=1&wait=soon | \"wait\" cannot be \"soon\": use a time such as 30s",
        "/typed?limit=1&merge=perhaps | use true or false",
        "/header | Send the header \"X-Wanted\""})
    void a_wrong_parameter_is_named_with_its_format(String target, String detail) throws IOException {
        assertThat(assertProblem(http.get(target), ProblemType.INVALID_REQUEST).path("detail").asString())
                .contains(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/nothing/at/all", "//", "/%5B", "/nothing;x=1"})
    void an_unknown_address_is_not_found(String target, CapturedOutput output) throws IOException {
        assertProblem(http.get(target), ProblemType.NOT_FOUND);
        // "//" is a path but not a URI
        assertThat(output).doesNotContain("Failure in @ExceptionHandler");
    }

    @Test
    void malformed_chunks_are_the_clients_fault() throws IOException {
        Answer answer = http.raw("PUT /read HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n");

        assertProblem(answer, ProblemType.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"domain", "io", "unexpected"})
    void a_download_that_fails_halfway_does_not_look_complete(String kind) throws IOException {
        Answer answer = http.get("/halfway/" + kind);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("transfer-encoding", "chunked");
        // One chunk, without the empty last chunk that marks the end
        assertThat(answer.body()).isEqualTo("a\r\nfirst half\r\n");
    }

    @Test
    void a_download_of_known_length_that_fails_halfway_ends_there() throws IOException {
        Answer answer = http.get("/halfway/known-length");

        assertThat(answer.headers()).containsEntry("content-length", "1000");
        assertThat(answer.body()).isEqualTo("first half");
    }

    @Test
    void a_disconnected_client_gets_no_response_and_no_error_in_the_log(CapturedOutput output) throws IOException {
        assertThat(http.get("/gone").body()).isEmpty();
        assertThat(output).doesNotContain("ERROR").doesNotContain("Incident");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebEdge.class, ProblemAdvice.class, ProblemErrorController.class, FailingController.class})
    static class Node {
    }

    record Sized(int size) {
    }

    @RestController
    static class FailingController {

        @PostMapping(path = "/json", consumes = MediaType.APPLICATION_JSON_VALUE)
        Sized json(@RequestBody Sized sized) {
            return sized;
        }

        @GetMapping(path = "/typed", produces = MediaType.APPLICATION_JSON_VALUE)
        Map<String, String> typed(@RequestParam int limit,
                @RequestParam(defaultValue = "1s") @DurationFormat(style = DurationFormat.Style.SIMPLE) Duration wait,
                @RequestParam(defaultValue = "false") boolean merge) {
            return Map.of("all", limit + " " + wait + " " + merge);
        }

        @GetMapping("/header")
        String header(@RequestHeader("X-Wanted") String wanted) {
            return wanted;
        }

        @PutMapping("/read")
        int read(HttpServletRequest request) throws IOException {
            return request.getInputStream().readAllBytes().length;
        }

        @GetMapping("/fails/busy")
        void busy() {
            throw new ChordshareException(ProblemType.BUSY, "Come back later.", Duration.ofMillis(1001), null);
        }

        @GetMapping("/fails/prepared")
        void prepared(HttpServletResponse response) throws IOException {
            response.setContentType("image/png");
            response.setContentLengthLong(1_000_000);
            response.setHeader("ETag", "\"abc\"");
            response.setHeader("Repr-Digest", "sha-256=:abc=:");
            response.setHeader("Content-Disposition", "attachment");
            response.setDateHeader("Last-Modified", 0);
            response.getOutputStream();
            throw new ChordshareException(ProblemType.PEER_FAILED,
                    "The node at http://localhost:8082 did not give it.");
        }

        @GetMapping("/fails/unexpectedly")
        void unexpectedly() {
            throw new IllegalStateException("secret reason");
        }

        @GetMapping("/fails/no-room")
        void noRoom(@RequestParam String reason) {
            throw new UncheckedIOException(new FileSystemException("/secret/place", null, reason));
        }

        @GetMapping("/fails/error")
        void error() {
            throw new StackOverflowError("for the test");
        }

        @GetMapping("/halfway/{kind}")
        void halfway(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().endsWith("known-length")) {
                response.setContentLength(1000);
            }
            response.getOutputStream().write("first half".getBytes(StandardCharsets.US_ASCII));
            response.flushBuffer();
            switch (request.getRequestURI()) {
                case "/halfway/domain" -> throw new ChordshareException(ProblemType.PEER_FAILED, "Try again.");
                case "/halfway/io" -> throw new IOException("disk");
                default -> throw new InvalidNameException("unexpected");
            }
        }

        @GetMapping("/gone")
        void gone() throws IOException {
            throw new IOException("while writing", new ClientAbortException("gone"));
        }
    }
}
