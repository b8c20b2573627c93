package io.chordshare.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The packaged jar in the layout of the Dockerfile: unpacked, with an archive of its loaded classes. It is the same
 * program, but starts in a third of the time, which matters when a test starts fifty nodes on two cores.
 * Each JVM of a build makes its own.
 */
final class ProcessImage {

    private static final Path HOME = Path.of("target", "process-image-"
            + System.getProperty("chordshare.test.jvm", "jvm-1")).toAbsolutePath();
    private static final long PREPARED_WITHIN_SECONDS = 120;

    private static List<String> command = List.of();

    private ProcessImage() {}

    /** The command that starts a node, without its arguments. */
    static synchronized List<String> command() {
        if (command.isEmpty()) {
            command = prepare();
        }
        return command;
    }

    private static List<String> prepare() {
        String java = ProcessHandle.current().info().command().orElse("java");
        String jar = System.getProperty("chordshare.jar", "target/chordshare.jar");
        if (!Files.isRegularFile(Path.of(jar))) {
            throw new IllegalStateException(jar
                    + " is not there: these tests run the packaged jar, mvn verify makes it");
        }
        deleteTree(HOME);
        run(List.of(java, "-Djarmode=tools", "-jar", jar, "extract", "--destination", HOME.toString()));
        String unpacked = HOME.resolve("chordshare.jar").toString();
        Path archive = HOME.resolve("classes.jsa");
        List<String> options = List.of(java, "-Xmx96m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1");
        List<String> training = new ArrayList<>(options);
        training.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:aot=off",
                "-Dspring.context.exit=onRefresh", "-jar", unpacked, "--server.port=" + ProcessPorts.free(),
                "--chordshare.node.data-dir=" + HOME.resolve("data")));
        run(training);
        List<String> made = new ArrayList<>(options);
        // an archive that does not fit must not fail the start, because it only speeds it up
        made.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive, "-jar", unpacked));
        return List.copyOf(made);
    }

    private static void run(List<String> command) {
        try {
            Path log = Files.createTempFile("process-image", ".log");
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(PREPARED_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " failed:\n" + Files.readString(log));
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
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
