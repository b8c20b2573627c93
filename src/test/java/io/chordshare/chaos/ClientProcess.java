package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The terminal client as users start it: {@code java -jar chordshare.jar}, in a directory of its own. */
final class ClientProcess {

    private static final long ENDS_WITHIN_SECONDS = 120;

    private final Process process;
    private final Path out;
    private final Path err;

    private ClientProcess(Path directory, String node, List<String> command) {
        try {
            out = Files.createTempFile(directory.toAbsolutePath().getParent(), "client", ".out");
            err = Files.createTempFile(directory.toAbsolutePath().getParent(), "client", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("CHORDSHARE_NODE", node);
            builder.environment().put("LC_ALL", "C.UTF-8");
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that starts the client. */
    static List<String> java(String... arguments) {
        String jar = Path.of(System.getProperty("chordshare.jar", "target/chordshare.jar")).toAbsolutePath().toString();
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElse("java"), "-jar", jar));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts the client and does not wait. */
    static ClientProcess start(Path directory, ProcessNode node, String... arguments) {
        return new ClientProcess(directory, node.address(), java(arguments));
    }

    /** Starts another program, which starts the client. */
    static ClientProcess startBy(Path directory, ProcessNode node, List<String> command) {
        return new ClientProcess(directory, node.address(), command);
    }

    /** Runs the client to its end. */
    static ClientProcess run(Path directory, ProcessNode node, String... arguments) {
        return start(directory, node, arguments).type("");
    }

    /** Types {@code text}, closes standard input, and waits for the end. */
    ClientProcess type(String text) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the client has already ended; its error output says why
            assertThat(process.isAlive()).as(err()).isFalse();
        }
        return awaitEnd();
    }

    ClientProcess awaitEnd() {
        try {
            assertThat(process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).as("%s %s", out(), err()).isTrue();
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    ClientProcess assertExit(int code) {
        assertThat(process.exitValue()).as("%s %s", out(), err()).isEqualTo(code);
        return this;
    }

    Process process() {
        return process;
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
