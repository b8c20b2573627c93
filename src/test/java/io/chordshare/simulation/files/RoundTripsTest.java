package io.chordshare.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.files.Condition;
import io.chordshare.files.ExpectedDigests;
import io.chordshare.files.FileName;
import io.chordshare.files.Uploads;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.Write;
import io.chordshare.simulation.Latency;
import io.chordshare.storage.model.Copies;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What requests cost in messages, and in round trips of 100 ms: it depends on no machine. */
class RoundTripsTest {

    private static final Duration ONE_WAY = Duration.ofMillis(50);
    private static final Duration ROUND_TRIP = ONE_WAY.multipliedBy(2);
    /** The disks of the simulator take time, too. */
    private static final Duration DISKS = Duration.ofMillis(40);
    private static final int FILES = 20;
    private static final byte[] SMALL = new byte[64 * 1024];

    private static FileWorld ringOf(int nodes) {
        FilePlan plan = new FilePlan(nodes, 4, nodes, 5, 1, 1, Duration.ofSeconds(1), 0, Duration.ofSeconds(1), 0,
                Duration.ofMillis(1), Duration.ofMinutes(5));
        FileWorld ring = new FileWorld(plan);
        ring.grow(nodes);
        ring.world.network().setLatency(Latency.fixed(ONE_WAY));
        ring.world.run(Duration.ofSeconds(30));
        return ring;
    }

    private static void upload(FileNode node, String name) throws Exception {
        node.files.upload(FileName.of(name), new ByteArrayInputStream(SMALL), new Uploads.Request(Copies.ALL,
                "text/plain", SMALL.length, ExpectedDigests.NONE, Condition.NONE));
    }

    private static void download(FileNode node, String name) throws Exception {
        try (InputStream body = node.files.open(node.files.find(FileName.of(name), false), 0)) {
            assertThat(body.readAllBytes()).isEqualTo(SMALL);
        }
    }

    /** Does something with each of some files, at one node after the other. */
    private static Duration median(FileWorld ring, List<FileNode> nodes, Use use) throws Exception {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            FileNode node = nodes.get(i % nodes.size());
            String name = "file-" + i;
            Duration start = ring.world.now();
            ring.world.ask(node.node, (Callable<Boolean>) () -> {
                use.with(node, name);
                return true;
            });
            took.add(ring.world.now().minus(start));
        }
        Collections.sort(took);
        return took.get(FILES / 2);
    }

    @FunctionalInterface
    private interface Use {

        void with(FileNode node, String name) throws Exception;
    }

    @Test
    void an_upload_of_a_small_file_takes_two_round_trips_and_a_download_one() throws Exception {
        try (FileWorld ring = ringOf(5)) {
            List<FileNode> all = ring.members();
            assertThat(median(ring, all, RoundTripsTest::upload)).isBetween(ROUND_TRIP.multipliedBy(2),
                    ROUND_TRIP.multipliedBy(2).plus(DISKS));
            ring.world.run(Duration.ofSeconds(5));
            assertThat(median(ring, all, RoundTripsTest::download)).isBetween(ROUND_TRIP, ROUND_TRIP.plus(DISKS));
        }
    }

    @Test
    void one_of_five_that_hangs_costs_one_round_trip_more_at_the_most() throws Exception {
        try (FileWorld ring = ringOf(5)) {
            List<FileNode> others = new ArrayList<>(ring.members());
            median(ring, others, RoundTripsTest::upload);
            ring.world.run(Duration.ofSeconds(5));
            others.removeFirst().node.pause();
            assertThat(median(ring, others, RoundTripsTest::download)).isLessThanOrEqualTo(
                    ROUND_TRIP.multipliedBy(2).plus(DISKS));
            assertThat(median(ring, others, RoundTripsTest::upload)).isLessThanOrEqualTo(
                    ROUND_TRIP.multipliedBy(3).plus(DISKS));
        }
    }

    @Test
    void in_a_ring_of_three_a_download_asks_one_other_node_and_an_upload_one_to_read_and_two_to_write()
            throws Exception {
        try (FileWorld ring = ringOf(3)) {
            List<FileNode> all = ring.members();
            median(ring, all, RoundTripsTest::upload);
            assertThat(received(all, Read.class)).isEqualTo(FILES);
            assertThat(received(all, Write.class)).isEqualTo(2L * FILES);
            ring.world.run(Duration.ofSeconds(5));
            long before = received(all, Read.class);
            median(ring, all, RoundTripsTest::download);
            assertThat(received(all, Read.class) - before).isEqualTo(FILES);
        }
    }

    private static long received(List<FileNode> nodes, Class<?> message) {
        return nodes.stream().mapToLong(node -> node.node.handled(message)).sum();
    }
}
