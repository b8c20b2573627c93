package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.chordshare.chaos.RingClient.Answer;
import io.chordshare.chaos.RingClient.Peer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A ring of five processes. One at a time is killed, leaves, or stops answering. */
class ProcessRingIT {

    private static final Duration ORDERED_WITHIN = Duration.ofSeconds(15);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(ProcessRing.LONG ? 60 : 6);
    private static final int NODES = 5;
    private static final int CLIENTS = 16;
    private static final int LARGE_BYTES = 5 * 1024 * 1024;
    private static final Duration ALL_WITHIN = Duration.ofMinutes(3);

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private final long seed = Long.getLong("chordshare.seed", System.nanoTime());

    @Test
    void a_ring_of_processes_survives_sigkill_of_one_and_the_leave_of_another() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        List<SampleFile> files = SampleFile.mixed(20, new Random(seed));
        SampleFile.upload(files, nodes);
        ProcessNode victim = nodes.get(2);
        ProcessNode leaver = nodes.get(3);
        List<ProcessNode> survivors = without(nodes, victim);
        List<ProcessNode> stayers = without(survivors, leaver);
        Peer before = victim.client.ring().self();

        try (Downloads downloads = Downloads.of("one of five killed", files, survivors, 2)) {
            downloads.setZero();
            victim.kill();
            ProcessRing.awaitOrdered(survivors, ORDERED_WITHIN);
            awaitRound(downloads);
            downloads.assertNoneFailed();
        }
        try (Downloads downloads = Downloads.of("another leaves", files, stayers, 2)) {
            downloads.setZero();
            HttpResponse<String> left = leaver.client.leave(LEAVES_WITHIN);
            assertThat(left.statusCode()).as(left.body()).isEqualTo(200);
            ProcessRing.awaitOrdered(stayers, ORDERED_WITHIN);
            awaitRound(downloads);
            downloads.assertNoneFailed();
        }
        ProcessRing.awaitOrdered(List.of(leaver), ORDERED_WITHIN);

        victim.start();
        victim.awaitReady();
        List<ProcessNode> members = new ArrayList<>(stayers);
        members.add(victim);
        ProcessRing.awaitOrdered(members, BACK_WITHIN);
        assertThat(victim.client.ring().self().id()).isEqualTo(before.id());
        assertThat(victim.client.ring().self().incarnation()).isGreaterThan(before.incarnation());
        assertThat(victim.client.nodes()).hasSize(members.size());
        Downloads.assertAll(files, members);
    }

    @Test
    @LongRun
    void while_a_node_is_paused_downloads_elsewhere_do_not_fail_and_afterwards_the_ring_is_whole_again() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        List<SampleFile> files = SampleFile.mixed(20, new Random(seed));
        SampleFile.upload(files, nodes);
        ProcessNode paused = nodes.get(1);

        try (Downloads downloads = Downloads.of("one of five paused", files, without(nodes, paused), 2)) {
            downloads.setZero();
            long start = System.nanoTime();
            paused.pause();
            await().atMost(PAUSE.plusSeconds(5)).until(() -> System.nanoTime() - start > PAUSE.toNanos());
            paused.carryOn();
            double back = ProcessRing.awaitOrdered(nodes, BACK_WITHIN).toMillis() / 1e3;
            awaitRound(downloads);
            System.out.printf("one of %d paused for %d s: ordered again %.1f s after the end of it%n", NODES,
                    PAUSE.toSeconds(), back);
            downloads.assertNoneFailed();
        }
        Downloads.assertAll(files, nodes);
    }

    @Test
    @LongRun
    void an_upload_is_whole_or_not_at_all_when_its_node_is_killed() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        SampleFile old = SampleFile.of("replaced.bin", 100_000, seed, "all");
        SampleFile.upload(List.of(old), nodes);

        killWhileUploading(nodes, nodes.get(1), 0.5, List.of(new LongUpload(old.name(), seed + 1),
                new LongUpload("new-half.bin", seed + 2)), old.sha256());
        killWhileUploading(nodes, nodes.get(2), 1, List.of(new LongUpload("new-end.bin", seed + 3)), old.sha256());
    }

    /** Each node has a heap of 96 MiB. */
    @Test
    void sixteen_clients_with_large_files_share_the_memory_of_one_node() {
        List<ProcessNode> nodes = ring.wholeRingOf(NODES);
        ProcessNode busy = nodes.getFirst();
        List<SampleFile> files = IntStream.range(0, CLIENTS)
                .mapToObj(i -> SampleFile.of("large-" + i + ".bin", LARGE_BYTES, seed + i, "1")).toList();
        allAtOnce(files, file -> {
            Answer stored = busy.client.put(file.name(), file.copies(), file::open);
            assertThat(stored.status()).as("%s: %s", file.name(), stored.detail()).isEqualTo(201);
        });
        allAtOnce(files, file -> {
            Answer read = busy.client.get(file.name());
            assertThat(read.sha256()).as("%s: %s", file.name(), read.detail()).isEqualTo(file.sha256());
        });
        assertThat(nodes).allMatch(ProcessNode::isRunning);
    }

    private static void allAtOnce(List<SampleFile> files, Consumer<SampleFile> work) {
        List<CompletableFuture<Void>> all = files.stream()
                .map(file -> CompletableFuture.runAsync(() -> work.accept(file),
                task -> Thread.ofVirtual().start(task))).toList();
        all.forEach(one -> one.orTimeout(ALL_WITHIN.toSeconds(), TimeUnit.SECONDS).join());
    }

    private void killWhileUploading(List<ProcessNode> nodes, ProcessNode victim, double sent, List<LongUpload> uploads,
                                    String old) {
        List<ProcessNode> survivors = without(nodes, victim);
        uploads.forEach(upload -> upload.begin(victim));
        await("so much of it is sent").atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(5))
                .until(() -> uploads.stream().allMatch(upload -> upload.hasSent(sent)));
        victim.kill();

        List<String> seen = new ArrayList<>();
        for (LongUpload upload : uploads) {
            Answer told = upload.answer();
            String right = whatIsThere(upload, survivors, old);
            if (told.stored()) {
                assertThat(right).as("%s was acknowledged", upload.name).isEqualTo(upload.sha256);
            }
            seen.add(right);
        }
        ProcessRing.awaitOrdered(survivors, ORDERED_WITHIN);
        victim.start();
        victim.awaitReady();
        ProcessRing.awaitOrdered(nodes, BACK_WITHIN);
        for (int i = 0; i < uploads.size(); i++) {
            assertThat(whatIsThere(uploads.get(i), nodes, old)).as("%s then and now", uploads.get(i).name)
                    .isEqualTo(seen.get(i));
        }
        System.out.printf("uploads killed at %.0f %%: %s%n", sent * 100, seen);
    }

    /** The SHA-256 that all these nodes give for the file, or 404. They must agree. */
    private static String whatIsThere(LongUpload upload, List<ProcessNode> nodes, String old) {
        Set<String> answers = new HashSet<>();
        for (ProcessNode node : nodes) {
            Answer answer = node.client.get(upload.name);
            assertThat(answer.status()).as("%s at %s: %s", upload.name, node, answer.detail()).isIn(200, 404);
            answers.add(answer.ok() ? answer.sha256() : "404");
        }
        assertThat(answers).as("what all say of %s", upload.name).hasSize(1)
                .isSubsetOf(upload.sha256, upload.name.startsWith("new") ? "404" : old);
        return answers.iterator().next();
    }

    private static void awaitRound(Downloads downloads) {
        long enough = downloads.wholeRoundFromNow();
        await("a whole round of downloads").atMost(Duration.ofMinutes(3)).until(() -> downloads.done() >= enough);
    }

    private static List<ProcessNode> without(List<ProcessNode> nodes, ProcessNode gone) {
        return nodes.stream().filter(node -> node != gone).toList();
    }
}
