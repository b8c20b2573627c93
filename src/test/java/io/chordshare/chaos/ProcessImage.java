package io.chordshare.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the build prepares beside the jar, and what {@code java -jar} starts from: the jar unpacked, with an AOT cache.
 * A test starts up to fifty nodes on two cores, so it starts them from there directly, and compiles them quickly.
 */
final class ProcessImage {

    private static final List<String> OPTIONS = List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    private ProcessImage() {}

    /** The command that starts a node, without its arguments. */
    static List<String> command() {
        Path prepared = Path.of(System.getProperty("chordshare.jar", "target/chordshare.jar")).toAbsolutePath()
                .resolveSibling("chordshare");
        Path cache = prepared.resolve("chordshare.aot");
        if (!Files.isRegularFile(cache)) {
            throw new IllegalStateException(cache + " is not there: mvn verify makes it");
        }
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(OPTIONS);
        command.addAll(List.of("-XX:AOTCache=" + cache, "-jar", prepared.resolve("chordshare.jar").toString()));
        return List.copyOf(command);
    }

    static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
