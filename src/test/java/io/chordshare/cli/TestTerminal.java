package io.chordshare.cli;

import io.chordshare.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A terminal in memory for a command, which also records how long the command would have waited. */
public final class TestTerminal {

    public final List<Duration> pauses = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    public TestTerminal() {
        this("", new Terminal.Sees(false, false, false));
    }

    /** @param typed the content of standard input */
    public TestTerminal(String typed, Terminal.Sees sees) {
        terminal = new Terminal(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), out,
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                        sees,
                Map.of("COLUMNS", "40"));
    }

    public ExitCode run(String... arguments) {
        return TerminalClient.run(List.of(arguments), terminal, (time, why) -> pauses.add(time));
    }

    /** Runs a command against that node. */
    public ExitCode run(FakeNode node, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--node=" + node.address()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public byte[] bytesOut() {
        return out.toByteArray();
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
