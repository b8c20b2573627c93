package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.chordshare.chaos.RingClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGTERM while clients upload. */
class ProcessStopIT {

    /** The value in README, settings and docker-compose.yml. */
    private static final Duration DOCUMENTED = Duration.ofSeconds(60);
    /** The default timeout of docker stop. */
    private static final Duration DOCKER_STOP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PIECE_BYTES = 4096;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    private final CountDownLatch released = new CountDownLatch(1);

    @Test
    void what_moves_is_finished_what_stalls_is_cut_and_the_leave_is_logged() throws IOException {
        List<ProcessNode> nodes = ring.of(2);
        ProcessNode stopped = nodes.getLast();
        // longer than a stalled upload may take
        CompletableFuture<Answer> moving = upload(stopped, "moving", new Pieces(60, UNLIMITED));
        CompletableFuture<Answer> stalled = upload(stopped, "stalled", new Pieces(60, 3));
        await().atMost(PATIENCE).until(() -> stopped.client.body("/actuator/metrics/chordshare.requests.running")
                .contains("\"value\":2.0"));

        Duration end = endOf(stopped);

        assertThat(moving.join().stored()).as(moving.join().detail()).isTrue();
        released.countDown();
        assertThat(stalled.join().stored()).isFalse();
        assertThat(end).isLessThan(DOCUMENTED);
        assertThat(Files.readString(stopped.log())).contains("cut PUT /files/stalled after", "because it is stopped",
                "has told its neighbours").doesNotContain("cut PUT /files/moving");
        // one of two is no majority, so until the other is back, no answer about a name is certain
        stopped.start().awaitReady();
        ProcessRing.awaitOrdered(nodes, PATIENCE);
        ProcessNode other = nodes.getFirst();
        assertThat(other.client.get("moving").status()).as("what was acknowledged").isEqualTo(200);
        assertThat(other.client.get("stalled").status()).isEqualTo(404);
    }

    @Test
    void where_nothing_moves_it_ends_within_the_time_of_a_plain_docker_stop() {
        ProcessNode node = ring.of(1).getFirst();
        CompletableFuture<Answer> stalled = upload(node, "stalled", new Pieces(60, 3));
        await().atMost(PATIENCE).until(() -> node.client.body("/actuator/metrics/chordshare.requests.running")
                .contains("\"value\":1.0"));

        assertThat(endOf(node)).isLessThan(DOCKER_STOP);

        released.countDown();
        assertThat(stalled.join().stored()).isFalse();
        node.start().awaitReady();
        assertThat(node.client.get("stalled").status()).isEqualTo(404);
    }

    private static CompletableFuture<Answer> upload(ProcessNode node, String name, InputStream body) {
        return CompletableFuture.supplyAsync(() -> node.client.put(name, "all", () -> body),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    private static Duration endOf(ProcessNode node) {
        long start = System.nanoTime();
        node.terminate();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Sends 4 KB every tenth of a second. After {@code stallsAfter} pieces it sends nothing until the test is over. */
    private final class Pieces extends InputStream {

        private final int count;
        private final int stallsAfter;
        private int given;

        private Pieces(int count, int stallsAfter) {
            this.count = count;
            this.stallsAfter = stallsAfter;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("only whole pieces are read");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (given == count) {
                return -1;
            }
            try {
                Duration pause = given < stallsAfter ? Duration.ofMillis(100) : DOCUMENTED.multipliedBy(2);
                if (released.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("the test is over");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            given++;
            return Math.min(length, PIECE_BYTES);
        }
    }
}
