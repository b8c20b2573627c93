package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.chordshare.chaos.Ledger.Reading;
import io.chordshare.chaos.NodeNetwork.Cut;
import io.chordshare.chaos.NodeNetwork.Loss;
import io.chordshare.chaos.RingClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two of five real nodes are cut off from the others, and users write on both sides. */
@LongRun
class MinorityCutIT {

    private static final List<Integer> MAJORITY = List.of(0, 1, 2);
    private static final List<Integer> MINORITY = List.of(3, 4);
    private static final int FILES = 12;
    private static final int FILE_BYTES = 20_000;
    private static final Duration CUT_FOR = Duration.ofSeconds(40);
    /** Those that are left notice the cut, and answer again. */
    private static final Duration SERVES_WITHIN = Duration.ofSeconds(30);
    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(120);
    private static final Duration READ_WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    private final Random random = new Random(Long.getLong("chordshare.seed", 1));

    static boolean hasNamespacesOrNeedsThem() {
        return RingChaosIT.hasNamespacesOrNeedsThem();
    }

    @Test
    @EnabledIf("hasNamespacesOrNeedsThem")
    void a_minority_that_is_cut_off_acknowledges_nothing_and_what_the_majority_acknowledges_is_everywhere_afterwards()
            throws InterruptedException {
        try (NodeNetwork network = NodeNetwork.of(MAJORITY.size() + MINORITY.size())) {
            List<ProcessNode> nodes = ring.at(network.places());
            List<Ledger> ofMajority = files("majority/");
            List<Ledger> ofMinority = files("minority/");
            for (int i = 0; i < FILES; i++) {
                assertThat(upload(ofMajority.get(i), nodes.get(i % nodes.size())).stored()).isTrue();
                assertThat(upload(ofMinority.get(i), nodes.get(i % nodes.size())).stored()).isTrue();
            }
            List<Cut> cuts = cuts();
            network.cut(0, cuts);
            List<String> acknowledged = new ArrayList<>();
            long end = System.nanoTime() + CUT_FOR.toNanos();
            Thread cutOff = Thread.ofVirtual().start(() -> {
                for (int i = 0; System.nanoTime() < end; i++) {
                    Answer answer = upload(ofMinority.get(i % FILES), nodes.get(MINORITY.get(i % MINORITY.size())));
                    if (answer.stored()) {
                        acknowledged.add(ofMinority.get(i % FILES).name);
                    }
                }
            });
            int written = 0;
            for (int i = 0; i < FILES || System.nanoTime() < end; i++) {
                Ledger file = ofMajority.get(i % FILES);
                ProcessNode node = nodes.get(MAJORITY.get(i % MAJORITY.size()));
                await("an upload at the majority").atMost(SERVES_WITHIN).until(() -> upload(file, node).stored());
                written++;
            }
            cutOff.join();
            network.heal(0, cuts);
            System.out.printf("%d uploads acknowledged at the majority, %d of %d at the minority%n", written,
                    acknowledged.size(), ofMinority.stream().mapToInt(Ledger::attempts).sum() - FILES);
            assertThat(acknowledged).as("acknowledged by the minority").isEmpty();
            assertThat(ofMinority.stream().mapToInt(Ledger::attempts).sum()).as("tries at the minority")
                    .isGreaterThan(FILES);

            ProcessRing.awaitOrdered(nodes, ORDERED_WITHIN);
            for (ProcessNode node : nodes) {
                for (Ledger file : IntStream.range(0, FILES).boxed().flatMap(i ->
                        List.of(ofMajority.get(i), ofMinority.get(i)).stream()).toList()) {
                    await("a read of " + file.name + " at " + node).atMost(READ_WITHIN).until(() -> {
                        Reading reading = file.read(node);
                        assertThat(reading.isWrong()).as("%s", reading.problem()).isFalse();
                        return reading.problem() == null;
                    });
                }
            }
            ring.removeAll();
        }
    }

    private static List<Ledger> files(String folder) {
        return IntStream.range(0, FILES).mapToObj(i -> new Ledger(folder + i)).toList();
    }

    private Answer upload(Ledger file, ProcessNode node) {
        long seed;
        synchronized (random) {
            seed = random.nextLong();
        }
        return file.upload(node, SampleFile.of(file.name, FILE_BYTES, seed, "all"));
    }

    private static List<Cut> cuts() {
        List<Cut> cuts = new ArrayList<>();
        for (int one : MAJORITY) {
            for (int other : MINORITY) {
                cuts.add(new Cut(one, other, Loss.PACKETS));
                cuts.add(new Cut(other, one, Loss.PACKETS));
            }
        }
        return cuts;
    }
}
