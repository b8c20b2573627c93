package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.NodeStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A node that cannot start says why, and what to do, in a few lines. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    @TempDir
    private Path directory;

    /** The lines between the heading and the end of a failure report. No stack trace before, in or after it. */
    private static void assertRefused(CapturedOutput output, String... parts) {
        assertThat(output.getAll()).contains("APPLICATION FAILED TO START", "Description:", "Action:").contains(parts)
                .doesNotContain("\tat ").doesNotContain("Caused by:");
        assertThat(output.getAll().lines().filter(line -> !line.isBlank()).count()).as(output.getAll()).isLessThan(25);
    }

    private void startFails(String... settings) {
        try (LocalNode node = new LocalNode(directory)) {
            assertThatThrownBy(() -> node.start(settings)).isInstanceOf(Exception.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "chordshare.files.buffer-budget  | 1MB      | buffer-budget=1MB cannot be used  | Set it to at least 5MB",
        "chordshare.security.open        | perhaps  | security.open=perhaps cannot be read | true or false"})
    void a_bad_setting(String name, String value, String cause, String action, CapturedOutput output) {
        startFails("--" + name + "=" + value);

        assertRefused(output, cause, action);
    }

    @Test
    void an_unreadable_configuration_file(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.yaml"), "chordshare:\n  node:\n seeds: [\n");

        startFails("--spring.config.import=" + file.toUri());

        assertRefused(output, "no valid YAML", "line 3", "Correct the file");
    }

    /** With a refused setting, because that ends fastest. */
    @Test
    void an_unknown_setting_is_named_first(CapturedOutput output) {
        startFails("--chordshare.node.seed=http://127.0.0.1:8081", "--server.address=0.0.0.0");

        assertThat(output).contains("chordshare.node.seed (command line) has no effect",
                "Did you mean chordshare.node.seeds?", "The settings of a node are ");
        // One setting of each package, so that none is forgotten
        String known = output.getAll().lines().filter(line -> line.contains("The settings of a node are")).findFirst()
                .orElseThrow();
        assertThat(known).contains("chordshare.files.buffer-budget", "chordshare.files.sync-every",
                "chordshare.node.seeds", "chordshare.ring.ping-every", "chordshare.security.allowed-hosts");
    }

    @Test
    void a_port_in_use(CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            startFails("--server.port=" + taken.getLocalPort());

            assertRefused(output, "Port " + taken.getLocalPort() + " was already in use", "another port");
        }
    }

    @Test
    void an_address_of_another_machine(CapturedOutput output) {
        // Of a block that is reserved for documentation: no machine has it
        startFails("--server.address=192.0.2.1", "--chordshare.security.open=true");

        assertRefused(output, "Cannot assign requested address", "Set server.address to an address of this machine");
    }

    @Test
    void a_data_directory_in_use(CapturedOutput output) {
        try (NodeStore holder = NodeStore.open(directory, 0)) {
            assertThat(holder.hasSetAside()).isFalse();
            startFails("--chordshare.node.data-dir=" + directory);

            assertRefused(output, "Another node is using the data directory " + directory, "Stop that node first");
        }
    }

    @Test
    void a_data_directory_that_is_a_file(CapturedOutput output) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        startFails("--chordshare.node.data-dir=" + file);

        assertRefused(output, file + " is a file", "chordshare.node.data-dir");
    }

    @Test
    void a_newer_format(CapturedOutput output) throws IOException {
        Files.writeString(directory.resolve("format"), "99\n");

        startFails("--chordshare.node.data-dir=" + directory);

        assertRefused(output, "has format 99", "Start the newer version again");
    }

    @Test
    void a_damaged_database(CapturedOutput output) throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.write(directory.resolve("data/records.db"), Api.randomBytes(20_000));

        startFails("--chordshare.node.data-dir=" + directory);

        assertRefused(output, "records.db is damaged", "Restore the database");
    }
}
