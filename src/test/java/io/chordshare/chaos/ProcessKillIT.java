package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.chordshare.chaos.RingClient.Location;
import io.chordshare.chaos.RingClient.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two of eight nodes die at the same moment. */
@LongRun
class ProcessKillIT {

    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(15);
    private static final Duration COPIED_WITHIN = Duration.ofSeconds(60);
    private static final Duration SPREAD_WITHIN = Duration.ofMinutes(3);
    private static final int NODES = 8;
    private static final int FILES = ProcessRing.LONG ? 200 : 40;
    private static final int PARALLEL_DOWNLOADS = 2;

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private final long seed = Long.getLong("chordshare.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void when_any_two_of_eight_are_killed_at_once_every_file_is_still_there_and_gets_its_copies_back() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        int first = random.nextInt(NODES);
        int second = (first + 1 + random.nextInt(NODES - 1)) % NODES;
        killTwo("any two", nodes, List.of(nodes.get(first), nodes.get(second)));
    }

    @Test
    void when_two_neighbours_of_eight_are_killed_at_once_every_file_is_still_there_and_gets_its_copies_back() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        List<ProcessNode> inRingOrder = new ArrayList<>(nodes);
        inRingOrder.sort(Comparator.comparing(node -> node.client.ring().self().id()));
        int first = random.nextInt(NODES);
        killTwo("two neighbours", nodes, List.of(inRingOrder.get(first), inRingOrder.get((first + 1) % NODES)));
    }

    private void killTwo(String which, List<ProcessNode> nodes, List<ProcessNode> victims) {
        List<SampleFile> files = SampleFile.mixed(FILES, random);
        SampleFile.upload(files, nodes);
        await("every file at its number of copies").atMost(SPREAD_WITHIN).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertCopied(files, nodes));
        List<ProcessNode> survivors = nodes.stream().filter(node -> !victims.contains(node)).toList();
        String what = "%s of %d killed (%s, seed %d), %d files".formatted(which, NODES, victims, seed, FILES);
        try (Downloads downloads = Downloads.of(what, files, survivors, PARALLEL_DOWNLOADS)) {
            downloads.setZero();
            long start = System.nanoTime();
            victims.forEach(ProcessNode::killWithoutWaiting);
            ProcessRing.awaitOrdered(survivors, ORDERED_WITHIN);
            double ordered = (System.nanoTime() - start) / 1e9;
            await("every file at its number of copies again")
                    .atMost(COPIED_WITHIN.minusNanos(System.nanoTime() - start)).pollInterval(Duration.ofMillis(250))
                    .untilAsserted(() -> assertCopied(files, survivors));
            double copied = (System.nanoTime() - start) / 1e9;
            // every file was requested at every survivor after the repair ended
            long enough = downloads.wholeRoundFromNow();
            await("a whole round of downloads").atMost(Duration.ofMinutes(5)).until(() -> downloads.done() >= enough);
            System.out.printf("%s: ordered after %.1f s, every copy there after %.1f s%n", what, ordered, copied);
            downloads.assertNoneFailed();
        }
    }

    /** No node reports a missing copy, and the right nodes have one. */
    private static void assertCopied(List<SampleFile> files, List<ProcessNode> nodes) {
        RingCheck ring = RingCheck.of(nodes);
        for (int i = 0; i < files.size(); i++) {
            SampleFile file = files.get(i);
            Location location = nodes.get(i % nodes.size()).client.locations(file.name());
            List<Peer> expected = ring.ownersOf(location.key(), file.copiesIn(nodes.size()));
            Set<Peer> lacking = new HashSet<>(expected);
            lacking.removeAll(location.holders());
            assertThat(lacking.stream().map(Peer::address).collect(Collectors.toSet()))
                    .as("nodes that lack %s (%d bytes, copies=%s)", file.name(), file.size(), file.copies()).isEmpty();
            assertThat(location.missing()).as("missing of %s", file.name()).isZero();
            assertThat(location.owner()).as("owner of %s", file.name()).isEqualTo(expected.getFirst());
        }
    }
}
