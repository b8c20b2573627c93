package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a start needs from the machine, and what a killed node leaves on it. */
class ProcessStartIT {

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    @TempDir
    private Path directory;

    /** A missing directory is worse than one mounted noexec, and needs no privilege to set up. */
    @Test
    void a_node_needs_no_temporary_directory_and_one_that_was_killed_leaves_nothing_in_it() throws IOException {
        Path temporary = directory.resolve("none");
        ProcessPlace place = new ProcessPlace("127.0.0.1", ProcessPorts.free(),
                List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + temporary),
                List.of("--management.server.port=" + ProcessPorts.free(), "--management.server.address=127.0.0.1"));
        ProcessNode node = ring.add(place, null).start();
        node.awaitListening();
        // readiness is at the other port; a node listens a moment before it has founded its ring
        await("a ring of one").atMost(ProcessNode.STARTS_WITHIN).until(() -> node.client.ring().status()
                .equals("ALONE"));

        assertThat(node.client.put("a", "all", () -> new ByteArrayInputStream(new byte[100_000])).status())
                .isEqualTo(201);
        node.kill();

        assertThat(temporary).doesNotExist();
        try (Stream<Path> libraries = Files.list(node.data().resolve("lib"))) {
            assertThat(libraries).hasSize(1);
        }
    }
}
