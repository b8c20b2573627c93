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

/** Runs iproute2's {@code ip}, which makes and changes network namespaces. */
final class IpCommand {

    /** It takes milliseconds, but while sixteen JVMs start on two cores it may have to wait for its turn. */
    private static final long ENDS_WITHIN_SECONDS = 30;

    private IpCommand() {}

    /** @return what it said; @throws IllegalStateException with what it said, if it failed */
    static String ip(String... arguments) {
        return run(List.of(arguments), List.of());
    }

    /**
     * Many commands in one namespace, by one process. None of them makes a namespace: that would move the process into
     * it.
     */
    static void inNamespace(String namespace, List<String> commands) {
        run(List.of("-n", namespace, "-batch", "-"), commands);
    }

    private static String run(List<String> arguments, List<String> input) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(arguments);
        try {
            // a file, not a pipe: nobody has to read while it runs
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
