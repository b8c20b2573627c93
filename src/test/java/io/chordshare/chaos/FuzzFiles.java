package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Files that no request of a run names. They stay unchanged at every node, and no other file appears without a request.
 */
final class FuzzFiles {

    private static final int KEPT_FILES = 12;
    private static final int LARGEST = 300_000;
    private static final int PAGE = 500;
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(60);
    /** Fields of a listing that the ring may change although nobody changes the content. */
    private static final List<String> OF_THE_RING = List.of("copies", "owner");

    private final List<ProcessNode> nodes;
    private final List<SampleFile> kept = new ArrayList<>();
    private final Map<String, JsonNode> listedBefore;

    /** Uploads the files. */
    FuzzFiles(List<ProcessNode> nodes) {
        this.nodes = nodes;
        Random random = new Random(KEPT_FILES);
        for (int i = 0; i < KEPT_FILES; i++) {
            kept.add(SampleFile.of(FuzzRequests.KEPT + "/" + i, i * random.nextInt(LARGEST / KEPT_FILES),
                    random.nextLong(),
                    "all"));
        }
        SampleFile.upload(kept, nodes);
        nodes.forEach(this::awaitListed);
        listedBefore = listed(nodes.getFirst());
    }

    SampleFile one() {
        return kept.getFirst();
    }

    /**
     * Each file is complete at each node with its old time of writing, and every other listed file was named by a
     * request.
     */
    void assertUntouched(FuzzNames names) {
        Downloads.assertAll(kept, nodes);
        for (ProcessNode node : nodes) {
            await(node + " lists what there is").atMost(LISTED_WITHIN).pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(listed(node)).as("at %s", node).containsAllEntriesOf(listedBefore));
            assertThat(listed(node).keySet()).as("files at %s that no request named", node)
                    .filteredOn(name -> !listedBefore.containsKey(name) && !names.has(name)).isEmpty();
        }
    }

    /** Uploads a new file, which every node gets. */
    void assertUploadsWork() {
        SampleFile after = SampleFile.of(FuzzRequests.KEPT + "-after", LARGEST, 1, "all");
        SampleFile.upload(List.of(after), nodes);
        Downloads.assertAll(List.of(after), nodes);
    }

    private void awaitListed(ProcessNode node) {
        List<String> names = kept.stream().map(SampleFile::name).sorted().toList();
        await(node + " lists what was uploaded").atMost(LISTED_WITHIN).pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(listed(node).keySet()).containsExactlyElementsOf(names));
    }

    private static Map<String, JsonNode> listed(ProcessNode node) {
        Map<String, JsonNode> files = new TreeMap<>();
        String after = "";
        do {
            JsonNode page = JsonMapper.shared().readTree(node.client.body("/files?limit=" + PAGE + "&after="
                    + FuzzRequest.encoded(after, false)));
            for (JsonNode file : page.path("files")) {
                files.put(file.path("name").asString(), ((ObjectNode) file).remove(OF_THE_RING));
            }
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        return files;
    }
}
