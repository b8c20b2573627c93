package io.chordshare.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs iproute2's {@code ip}, which creates and changes network namespaces. */
final class IpCommand {

    /** It takes milliseconds, but may have to wait while sixteen JVMs start on two cores. */
    private static final long ENDS_WITHIN_SECONDS = 30;

    private IpCommand() {}

    /** @return the output; @throws IllegalStateException with the output, when the command failed */
    static String ip(String... arguments) {
        return run(List.of(arguments), List.of());
    }

    /**
     * Runs many commands in one namespace, in one process. None of them may create a namespace, because that would move
     * the process into it.
     */
    static void inNamespace(String namespace, List<String> commands) {
        run(List.of("-n", namespace, "-batch", "-"), commands);
    }

    private static String run(List<String> arguments, List<String> input) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(arguments);
        try {
            // a file and not a pipe, so that no thread must read meanwhile
            Path said = Files.createTempFile("ip", ".log");
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile())
                        .start();
                try (OutputStream lines = process.getOutputStream()) {
                    lines.write(String.join("\n", input).getBytes(StandardCharsets.UTF_8));
                }
                if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command + " does not end");
                }
                String output = Files.readString(said);
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(command + " " + input + " failed: " + output);
                }
                return output;
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
