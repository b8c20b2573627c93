package io.chordshare.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.FakeNode;
import io.chordshare.cli.TerminalClient;
import io.chordshare.cli.TestTerminal;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.terminal.Terminal;
import io.chordshare.cli.transfer.Checksum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: what it accepts, and its messages about what it refuses. */
class CommandsTest {

    private static final Terminal.Sees A_PIPE = new Terminal.Sees(false, false, false);

    private final TestTerminal terminal = new TestTerminal();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"ls, true", "frob, true", "--help, true", "-h, true", "--version, true", "--node=x, true",
            "--node, true",
        "--json, true", "--server.port=1, false", "--debug, false", "--chordshare.node.seeds=x, false"})
    void the_first_argument_says_whether_the_client_is_meant(String argument, boolean client) {
        assertThat(TerminalClient.isMeantBy(new String[] {argument})).isEqualTo(client);
    }

    @Test
    void without_arguments_a_node_is_meant() {
        assertThat(TerminalClient.isMeantBy(new String[0])).isFalse();
    }

    @Test
    void the_help_lists_commands_settings_and_exit_codes_in_eighty_columns() {
        assertThat(terminal.run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("put ", "menu ", "completion ", "chordshare.node.data-dir", "7  the bytes");
        assertThat(terminal.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "get", "ls", "rm", "where", "ring", "join", "leave", "menu", "completion"})
    void every_command_has_help_of_its_own(String command) {
        assertThat(terminal.run(command, "--help")).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).startsWith("Usage: chordshare " + command).contains("--node=ADDRESS", "--json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
            {"lss | Did you mean ls", "put | Missing required parameter", "ls --lng | --lng",
        "server.port=8082 | given as --name=value", "--node=ftp://x ls | --node must be",
                "--node=http://x/y ls | --node must be",
        "join nowhere:x | ADDRESS must be", "leave --wait=x | --wait must be", "put a b --as=c | --as names one",
        "put - | give it one with --as", "get a/ -o - | not several", "rm a/ | rm --recursive",
                "rm -r / | everything at once",
        "completion fish | bash or zsh", "'ls \uFFFD' | LC_ALL=C.UTF-8"})
    void a_wrong_command_line_is_explained(String line, String said) {
        assertThat(terminal.run(line.replace("'", "").split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains(said).doesNotContain("Exception");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void nobody_there_is_said_with_what_to_do() {
        assertThat(terminal.run("--node=127.0.0.1:1", "ls")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(terminal.err()).contains("No node answers at http://127.0.0.1:1", "CHORDSHARE_NODE");
    }

    @Test
    void errors_are_json_for_scripts() {
        assertThat(terminal.run("--json", "--node=127.0.0.1:1", "ls")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(Json.parse(terminal.err().strip()).get("error").get("code").number()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"localhost, http://localhost:8081", "localhost:80, http://localhost:80", "http://h:1/, http://h:1",
        "https://h, https://h", "[::1]:9, http://[::1]:9"})
    void addresses_are_written_as_one_likes(String text, String base) throws ClientException {
        assertThat(NodeAddress.parse(text, "").base()).isEqualTo(base);
    }

    @Test
    void what_is_no_node_is_not_taken_for_one() {
        try (FakeNode node = FakeNode.answering((request, in, out) -> FakeNode.json(out, "200 OK", "<html>"))) {
            assertThat(terminal.run(node, "ls")).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("a Chordshare node?");
        }
    }

    @Test
    void a_list_that_never_ends_is_given_up() {
        try (FakeNode node = FakeNode.answering((request, in, out) ->
                FakeNode.json(out, "200 OK", "{\"files\":[{\"name\":\"a\"}],\"next\":\"a\"}"))) {
            assertThat(terminal.run(node, "ls")).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("in circles");
        }
    }

    @Test
    void names_of_others_reach_the_terminal_without_their_tricks() {
        try (FakeNode node = FakeNode.answering((request, in, out) -> FakeNode.json(out, "200 OK",
                "{\"files\":[{\"name\":\"\\u001b[2Ja\\u202etxt.exe\",\"size\":1}],"
                        + "\"folders\":[\"\\u0007/\"],\"next\":null}"))) {
            assertThat(terminal.run(node, "ls")).isEqualTo(ExitCode.DONE);
            assertThat(terminal.out()).contains("\\u{1B}[2Ja\\u{202E}txt.exe", "\\u{7}/");
            assertThat(terminal.run(node, "--json", "ls")).isEqualTo(ExitCode.DONE);
            assertThat(terminal.out().chars()).noneMatch(c -> c != '\n' && (Character.isISOControl(c) || c == 0x202E));
        }
        try (FakeNode node = FakeNode.answering((request, in, out) -> FakeNode.json(out, "404 x",
                "{\"title\":\"\\u001b]0;x\\u0007\",\"detail\":\"\\u202e\"}"))) {
            assertThat(terminal.run(node, "where", "x")).isEqualTo(ExitCode.NOT_FOUND);
            assertThat(terminal.err()).contains("\\u{1B}]0;x\\u{7}. \\u{202E}");
        }
    }

    @Test
    void a_folder_is_deleted_after_a_yes_only() {
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            if (request.line().startsWith("DELETE")) {
                FakeNode.head(out, "204 x");
            } else {
                FakeNode.json(out, "200 OK", "{\"files\":[{\"name\":\"a/b\"}],\"next\":null}");
            }
        })) {
            assertThat(terminal.run(node, "rm", "-r", "a/")).isEqualTo(ExitCode.USAGE);
            TestTerminal no = new TestTerminal("n\n", new Terminal.Sees(true, true, true));
            assertThat(no.run(node, "rm", "-r", "a/")).isEqualTo(ExitCode.FAILED);
            assertThat(no.err()).contains("Delete 1 file in \"a/\"? [y/N]", "Nothing was deleted");
            assertThat(node.requests).noneMatch(request -> request.line().startsWith("DELETE"));
            assertThat(new TestTerminal("y\n", new Terminal.Sees(true, true, true)).run(node, "rm", "-r", "a/"))
                    .isEqualTo(ExitCode.DONE);
            assertThat(terminal.run(node, "rm", "-r", "-y", "a/")).isEqualTo(ExitCode.DONE);
            assertThat(node.requests.stream().filter(request -> request.line().startsWith("DELETE /files/a/b ")))
                    .hasSize(2);
        }
    }

    @Test
    void the_menu_goes_on_after_what_went_wrong_and_tells_in_the_end() throws IOException {
        Path file = Files.writeString(folder.resolve("up.txt"), "x");
        TestTerminal typed = new TestTerminal("x\n3\nnone\n\n2\n" + file + "\n\n7\nnever read", A_PIPE);
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            if (request.line().startsWith("PUT /files/up.txt ")) {
                in.readNBytes(1);
                FakeNode.json(out, "201 x", "{\"name\":\"up.txt\",\"size\":1,\"sha256\":\""
                        + Checksum.end(digestOf("x")) + "\"}");
            } else {
                FakeNode.json(out, "404 x", "{\"title\":\"There is no such file\"}");
            }
        })) {
            assertThat(typed.run(node, "menu")).isEqualTo(ExitCode.USAGE);
        }
        assertThat(typed.err()).contains("\"x\" is no choice", "none: There is no such file");
        assertThat(typed.out()).contains("1  join network", "7  exit", "up.txt  1 B");
        assertThat(typed.out().lines().filter(line -> !line.contains(folder.toString())))
                .allMatch(line -> line.length() <= 40);
    }

    @Test
    void the_end_of_the_input_ends_the_menu() {
        TestTerminal typed = new TestTerminal("", new Terminal.Sees(true, true, true));
        assertThat(typed.run("menu")).isEqualTo(ExitCode.DONE);
    }

    private static MessageDigest digestOf(String text) {
        MessageDigest digest = Checksum.start();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return digest;
    }

    @Test
    void bash_completes_commands_and_options() throws Exception {
        assertThat(terminal.run("completion", "bash")).isEqualTo(ExitCode.DONE);
        Path script = Files.writeString(folder.resolve("completion"), terminal.out());
        assertThat(completed(script, "chordshare", "")).contains("put", "get", "ls", "menu", "completion");
        assertThat(completed(script, "chordshare", "get", "--")).contains("--output", "--force", "--node");
    }

    private static List<String> completed(Path script, String... words) throws Exception {
        String line = String.join(" ", words);
        Process bash = new ProcessBuilder("bash", "-c", "source " + script + "; COMP_WORDS=("
                + String.join(" ", Arrays.stream(words)
                .map(word -> "'" + word + "'").toList()) + "); COMP_CWORD=" + (words.length - 1) + "; COMP_LINE='"
                        + line
                + "'; COMP_POINT=" + line.length() + "; _complete_chordshare; printf '%s\\n' \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true).start();
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                .toList();
    }
}
