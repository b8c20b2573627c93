package io.chordshare.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chordshare.cli.ExitCode;
import io.chordshare.cli.TestTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zsh on a terminal of its own loads the completion and completes a line at the tab key. */
class ZshCompletionTest {

    private static final long ENDS_WITHIN_SECONDS = 60;
    /** Types each argument and a tab into a zsh that has read the script, and prints what the line is then. */
    private static final String TYPIST = """
            zmodload zsh/zpty
            zpty s zsh -f -i
            zpty -w s "chordshare() { : }; source $1; show() { print -r -- \\"LINE=[\\$BUFFER]\\"; BUFFER= }
            zle -N show; bindkey '^X' show; print -r READ''Y"
            zpty -r s out $'*READY\\r*'
            shift
            for typed; do
              zpty -w -n s "$typed"$'\\t\\x18'
              zpty -r s out '*LINE=\\[*\\]*'
              print -r -- "${${out#*LINE=\\[}%%\\]*}"
            done
            zpty -d s
            """;

    private final TestTerminal terminal = new TestTerminal();

    @TempDir
    private Path folder;

    @Test
    void zsh_completes_commands_and_options() throws Exception {
        boolean required = Boolean.parseBoolean(System.getenv("CHORDSHARE_REQUIRE_ZSH"));
        assumeTrue(required || isInstalled(), "zsh is not installed: .ci/run does that");
        assertThat(terminal.run("completion", "zsh")).isEqualTo(ExitCode.DONE);
        Path script = Files.writeString(folder.resolve("completion.zsh"), terminal.out());

        assertThat(completed(script, "chordshare whe", "chordshare get --forc", "chordshare --no", "chordshare xyz"))
                .containsExactly("chordshare where", "chordshare get --force", "chordshare --node", "chordshare xyz");
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "zsh")));
    }

    private List<String> completed(Path script, String... typed) throws IOException, InterruptedException {
        Path typist = Files.writeString(folder.resolve("typist.zsh"), TYPIST);
        List<String> command = new ArrayList<>(List.of("zsh", "-f", typist.toString(), script.toString()));
        command.addAll(List.of(typed));
        Path out = folder.resolve("lines");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        // where zsh keeps what it found out about its functions
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("ZDOTDIR", folder.toString());
        builder.environment().put("TERM", "vt100");
        Process zsh = builder.start();
        try {
            assertThat(zsh.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).as(Files.readString(out)).isTrue();
            return Files.readString(out).lines().map(String::strip).toList();
        } finally {
            zsh.destroyForcibly().waitFor();
        }
    }
}
