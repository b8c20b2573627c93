package io.chordshare.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.files.Condition;
import io.chordshare.files.ExpectedDigests;
import io.chordshare.files.FileName;
import io.chordshare.files.Uploads;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.storage.model.Copies;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that hangs (SIGSTOP) with the bytes of a file. */
class HungHolderTest {

    private static final byte[] BYTES = new byte[100_000];
    private static final int DOWNLOADS = 8;

    @Test
    void a_download_asks_one_other_after_half_a_second_and_the_next_ones_ask_the_hung_one_last() throws Exception {
        FilePlan plan = new FilePlan(5, 4, 3, 5, 1, 1, Duration.ofSeconds(1), 0, Duration.ofSeconds(1), 0,
                Duration.ofMillis(1), Duration.ofMinutes(5));
        try (FileWorld ring = new FileWorld(plan)) {
            ring.grow(plan.nodes());
            List<FileNode> members = ring.members();
            String name = "file";
            upload(ring, members.getFirst(), name);
            ring.world.run(Duration.ofSeconds(10));
            FileNode reader = members.stream().filter(node -> !ring.answering(name).contains(node)).findFirst()
                    .orElseThrow();
            ring.answering(name).getFirst().node.pause();
            Duration slowest = Duration.ZERO;
            Duration all = Duration.ZERO;
            for (int i = 0; i < DOWNLOADS; i++) {
                Duration took = download(ring, reader, name);
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
                all = all.plus(took);
            }
            assertThat(slowest).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
            assertThat(all).as("only one download meets it").isLessThan(Duration.ofMillis(1500));
            assertThat(reader.node.sent(GetBlock.class)).isLessThanOrEqualTo(DOWNLOADS + 1);
        }
    }

    private static void upload(FileWorld ring, FileNode node, String name) throws Exception {
        ring.world.ask(node.node, () -> node.files.upload(FileName.of(name), new ByteArrayInputStream(BYTES),
                new Uploads.Request(new Copies(3), "text/plain", BYTES.length, ExpectedDigests.NONE, Condition.NONE)));
    }

    private static Duration download(FileWorld ring, FileNode node, String name) throws Exception {
        Duration start = ring.world.now();
        ring.world.ask(node.node, () -> {
            try (InputStream body = node.files.open(node.files.find(FileName.of(name), false), 0)) {
                return assertThat(body.readAllBytes()).isEqualTo(BYTES);
            }
        });
        return ring.world.now().minus(start);
    }
}
