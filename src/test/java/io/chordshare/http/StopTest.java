package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A node that is stopped while clients use it. */
@ExtendWith(OutputCaptureExtension.class)
class StopTest {

    private static final Duration DOCKER_STOP = Duration.ofSeconds(10);
    /** This upload continues for this many seconds after the stop: longer than a stalled one may. */
    private static final int MOVES_SECONDS = 6;
    private static final String HOST = "Host: localhost\r\n";

    @TempDir
    private Path directory;

    @Test
    void active_uploads_finish_and_stalled_ones_are_cut_and_not_stored(CapturedOutput output) throws Exception {
        LocalNode stopped = new LocalNode(directory, "--logging.level.io.chordshare=info");
        try (stopped; Clients stalled = new Clients(stopped.port())) {
            stopped.start();
            LocalNodes.patiently().until(stopped::isReady);
            SlowBody body = new SlowBody();
            CompletableFuture<Reply> moving = CompletableFuture.supplyAsync(() -> stopped.api().send("PUT",
                    "/files/moving", BodyPublishers.ofInputStream(() -> body)), task -> Thread.ofVirtual().start(task));
            stalled.open(1, "PUT /files/stalled HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\nsome")
                    .open(1, "PUT /files/stalled-too HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n");
            assertThat(body.begun.await(DOCKER_STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
            LocalNodes.patiently().until(() -> running(stopped) == 3);

            Thread end = Thread.ofVirtual().start(stopped::close);

            moving.get(MOVES_SECONDS * 10L, TimeUnit.SECONDS).assertStatus(201);
            end.join(Duration.ofSeconds(60));
            assertThat(stalled.readAll(0)).isEmpty();
        }
        assertThat(output).contains("stopping: waiting up to 50 s for 3 requests of users")
                .contains("PUT /files/moving")
                .contains("cut PUT /files/stalled after").contains("cut PUT /files/stalled-too after")
                .contains("because it is stopped");

        try (LocalNode again = stopped.start()) {
            LocalNodes.patiently().until(again::isReady);
            again.api().get("/files/moving").assertStatus(200);
            again.api().get("/files/stalled").assertProblem(404);
            again.api().get("/files/stalled-too").assertProblem(404);
        }
    }

    private static long running(LocalNode node) {
        return node.api().get("/actuator/metrics/chordshare.requests.running").assertStatus(200).json()
                .at("/measurements/0/value").asLong();
    }

    /** 4 KB every tenth of a second. */
    private static final class SlowBody extends InputStream {

        private static final int PIECES = MOVES_SECONDS * 10;
        private static final int PIECE_BYTES = 4096;

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch never = new CountDownLatch(1);
        private int given;

        @Override
        public int read() {
            throw new UnsupportedOperationException("only whole pieces are read");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (given == PIECES) {
                return -1;
            }
            try {
                if (never.await(100, TimeUnit.MILLISECONDS)) {
                    throw new IOException("cannot be");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            given++;
            begun.countDown();
            return Math.min(length, PIECE_BYTES);
        }
    }
}
