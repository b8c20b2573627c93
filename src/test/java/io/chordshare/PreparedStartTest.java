package io.chordshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar chordshare.jar} starts from what the build has prepared, where that fits. */
class PreparedStartTest {

    @TempDir
    Path directory;
    private Path jar;
    private Path cache;

    /** How a JVM was started. */
    private record Started(String... given) implements ProcessHandle.Info {

        @Override
        public Optional<String> command() {
            return Optional.of("/opt/jdk/bin/java");
        }

        @Override
        public Optional<String> commandLine() {
            return Optional.empty();
        }

        @Override
        public Optional<String[]> arguments() {
            return Optional.of(given);
        }

        @Override
        public Optional<Instant> startInstant() {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> totalCpuDuration() {
            return Optional.empty();
        }

        @Override
        public Optional<String> user() {
            return Optional.empty();
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        jar = Files.createFile(directory.resolve("chordshare.jar"));
        cache = Files.createDirectory(directory.resolve("chordshare")).resolve("chordshare.aot");
        Files.createFile(cache);
        Instant built = Instant.parse("2026-11-29T12:00:00Z");
        Files.setLastModifiedTime(jar, FileTime.from(built));
        Files.setLastModifiedTime(cache, FileTime.from(built.plusSeconds(20)));
    }

    private Optional<List<String>> command(String... given) throws IOException {
        return PreparedStart.command(new Started(given), jar);
    }

    @Test
    void options_and_arguments_stay_and_the_cache_is_added() throws IOException {
        assertThat(command("-Xmx96m", "-Dname=a value", "-jar", "build/x.jar", "--server.port=8082", "-jar"))
                .contains(List.of("/opt/jdk/bin/java", "-Xmx96m", "-Dname=a value", "-XX:AOTCache=" + cache, "-jar",
                        directory.resolve("chordshare/chordshare.jar").toString(), "--server.port=8082", "-jar"));
    }

    @Test
    void the_jar_starts_alone_where_nothing_is_prepared() throws IOException {
        Files.delete(cache);
        assertThat(command("-jar", "x.jar")).isEmpty();
    }

    @Test
    void what_was_prepared_for_another_build_is_not_used() throws IOException {
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-11-29T13:00:00Z")));
        assertThat(command("-jar", "x.jar")).isEmpty();
    }

    @Test
    void options_that_name_classes_themselves_or_that_the_jvm_obeys_already_are_left_alone() throws IOException {
        for (String option : List.of("-XX:AOTCache=mine.aot", "-XX:AOTMode=off", "-Xshare:off", "-javaagent:a.jar",
                "-agentlib:jdwp=server=y", "-XX:SharedArchiveFile=a.jsa", "-XX:StartFlightRecording=delay=1s")) {
            assertThat(command("-Xmx96m", option, "-jar", "x.jar")).as(option).isEmpty();
        }
    }

    @Test
    void a_class_path_starts_no_other_program() throws IOException {
        assertThat(command("-cp", "x.jar", "io.chordshare.Main")).isEmpty();
    }
}
