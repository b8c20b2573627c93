package io.chordshare.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.files.Condition;
import io.chordshare.files.ExpectedDigests;
import io.chordshare.files.FileException;
import io.chordshare.files.FileName;
import io.chordshare.files.Uploads;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.storage.model.Copies;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node may leave its ring while a file arrives at it. */
class LeaveDuringUploadTest {

    private static final int LENGTH = 100_000;

    @Test
    void an_upload_is_refused_once_its_node_is_another_ring() {
        FilePlan plan = new FilePlan(7, 4, 3, 4, 1, 1, Duration.ofSeconds(1), 0, Duration.ofSeconds(1), 0,
                Duration.ofMillis(1), Duration.ofMinutes(5));
        try (FileWorld ring = new FileWorld(plan)) {
            ring.grow(plan.nodes());
            FileNode node = ring.members().get(1);
            node.node.start("leave", node.replication.leaving()::begin);

            assertThatThrownBy(() -> ring.world.ask(node.node, () -> node.files.upload(FileName.of("file"),
                    new SlowBody(ring, node), new Uploads.Request(Copies.ALL, "text/plain", LENGTH,
                            ExpectedDigests.NONE, Condition.NONE))))
                    .isInstanceOf(FileException.class)
                    .extracting(refused -> ((FileException) refused).reason())
                    .isEqualTo(FileException.Reason.NOT_A_MEMBER);
            assertThat(node.node.state().status()).isEqualTo(RingStatus.ALONE);
            assertThat(node.store.records().totals().files()).isZero();
        }
    }

    /** Bytes of which the last ones come when the node has left. */
    private static final class SlowBody extends InputStream {

        private final FileWorld ring;
        private final FileNode node;
        private int sent;

        private SlowBody(FileWorld ring, FileNode node) {
            this.ring = ring;
            this.node = node;
        }

        @Override
        public int read() {
            while (sent == LENGTH / 2 && ring.isInRing(node)) {
                node.node.sleep(Duration.ofMillis(100));
            }
            return sent++ < LENGTH ? 'x' : -1;
        }
    }
}
