package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle of the fuzz run finds what it must find. */
class FuzzOracleTest {

    private static final FuzzRequest PROPER = new FuzzRequest("GET /files", 0, "GET", "/files", List.of(),
            new byte[0], "", true);
    private static final String STACK = "java.lang.IllegalStateException: x\n"
            + "\tat io.chordshare.files.FileService.read(FileService.java:1)\n";

    private static FuzzClient.Answer answer(int status, String body) {
        return new FuzzClient.Answer(status, "HTTP/1.1 " + status + " \r\nContent-Type: text/plain", body, "");
    }

    private static boolean isWrong(FuzzRequest request, FuzzClient.Answer answer) {
        return FuzzOracle.problem(request, answer).isPresent();
    }

    @Test
    void a_500_is_wrong_and_a_refusal_is_not() {
        assertThat(isWrong(PROPER, answer(500, ""))).isTrue();
        assertThat(isWrong(PROPER, answer(503, "{\"title\":\"Busy\"}"))).isFalse();
    }

    @Test
    void a_stack_is_wrong_in_any_answer() {
        assertThat(isWrong(PROPER, answer(400, STACK))).isTrue();
        assertThat(isWrong(PROPER, answer(200, STACK))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cannot deserialize java.util.ArrayList", "see io.chordshare.storage.Disk",
        "org.springframework.web.HttpMediaTypeException", "at /x/target/process-data/FuzzIT/node1/blocks"})
    void the_insides_of_a_node_are_wrong_in_an_error(String detail) {
        assertThat(isWrong(PROPER, answer(400, "{\"detail\":\"" + detail + "\"}"))).isTrue();
    }

    @Test
    void a_header_that_the_request_made_up_is_wrong() {
        FuzzClient.Answer split = new FuzzClient.Answer(200, "HTTP/1.1 200 \r\nLocation: /a\r\nX-Injected: 1", "", "");
        assertThat(isWrong(PROPER, split)).isTrue();
    }

    @Test
    void silence_is_wrong_where_the_request_was_proper() {
        FuzzClient.Answer none = new FuzzClient.Answer(0, "", "", "nothing came for PT30S");
        assertThat(isWrong(PROPER, none)).isTrue();
        assertThat(isWrong(PROPER.improper(), none)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {STACK, "asked \u001b[31mred\n", "asked a\nX-Injected: 1\n", "asked a\u0000b\n",
        "java.lang.OutOfMemoryError: Java heap space\n"})
    void none_of_these_is_right_in_a_log(String lines) {
        String before = "2026-11-28T13:00:00.000Z  INFO 1 --- [main] io.chordshare.ring.Joining : joined\n";
        assertThat(FuzzOracle.problemOfLog(before)).isEmpty();
        assertThat(FuzzOracle.problemOfLog(before + lines + before)).isPresent();
    }

    @Test
    void a_file_is_named_by_its_address_and_by_a_form_and_else_not() {
        FuzzNames names = new FuzzNames();
        FuzzRequest put = new FuzzRequest("PUT /files/{name}", 0, "PUT", "/files/x%C3%A9", List.of(),
                new byte[0], "", true);
        names.note(put, 201);
        names.note(put.withTarget("/files/refused"), 400);
        names.note(put.withTarget("/files/read").withMethod("GET"), 200);
        names.note(new FuzzRequest("POST /files", 0, "POST", "/files", List.of(),
                "filename=\"part\"".getBytes(StandardCharsets.UTF_8), "", true), 207);
        assertThat(names.has("x\u00e9")).isTrue();
        assertThat(names.has("part")).isTrue();
        assertThat(names.has("fuzz/a.txt")).isTrue();
        assertThat(List.of("refused", "read", "other")).noneMatch(names::has);
    }
}
