package io.chordshare.console;

import io.chordshare.id.ChordId;
import io.chordshare.replication.Replication;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.Totals;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /node}: the machine's side of this node, for people who look after it. */
@RestController
@Tag(name = "Node", description = "This node: version, memory, disk, background work, settings")
public class NodeController {

    private final RingNode ring;
    private final Replication replication;
    private final NodeStore store;
    private final NodeSettings settings;

    NodeController(RingNode ring, Replication replication, NodeStore store, Environment environment) {
        this.ring = ring;
        this.replication = replication;
        this.store = store;
        this.settings = new NodeSettings(environment);
    }

    /**
     * @param version    of Chordshare; "development" when it does not run from its jar
     * @param files      what this node holds
     * @param peers      whom this node suspects and has lost
     * @param background each kind of background work
     * @param settings   what the node was started with; secrets only say whether they are set
     */
    record NodeView(Peer self, String version, String java, Instant startedAt, long uptimeSeconds, Memory memory,
            Disk disk,
                    Files files, Peers peers, List<Work> background, List<NodeSettings.Setting> settings) {}

    record Memory(long heapUsedBytes, long heapMaxBytes) {}

    /** @param usableBytes room for new data: what is free less the reserve */
    record Disk(long usableBytes) {}

    /**
     * @param files         files of which this node has a record
     * @param bytes         their size, of those that are here whole
     * @param pendingCopies copies that belong somewhere and are not there yet, as far as this node knows
     */
    record Files(long files, long bytes, long pendingCopies) {}

    /**
     * @param suspected    neighbours that are silent and not given up yet
     * @param lost         nodes that went silent and are asked now and then whether they are back
     * @param healthFactor how many times longer than usual this node waits before it gives anybody up: 1 in good health
     */
    record Peers(List<ChordId> suspected, List<Peer> lost, int healthFactor) {}

    /** @param lastError of the last run that failed; null when none did */
    record Work(String name, long runs, long failures, @Nullable Duration lastTook, @Nullable String lastError) {}

    @Operation(summary = "This node: version, memory, disk, what it holds, background work, settings")
    @GetMapping("/node")
    NodeView view() {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Totals totals = store.records().totals();
        RingNode.Watch watch = ring.watch();
        String version = NodeController.class.getPackage().getImplementationVersion();
        return new NodeView(ring.state().self(), version == null ? "development" : version,
                Runtime.version().toString(), Instant.ofEpochMilli(runtime.getStartTime()),
                Duration.ofMillis(runtime.getUptime()).toSeconds(), new Memory(heap.getUsed(), heap.getMax()),
                new Disk(store.usableBytes()),
                new Files(totals.files(), totals.bytes(), replication.pendingCopies()),
                new Peers(watch.suspected(), watch.lost(), watch.healthFactor()),
                Stream.concat(ring.background().stream(), replication.background().stream()).map(NodeController::work)
                .toList(),
                settings.all());
    }

    private static Work work(PeriodicTask background) {
        PeriodicTask.Progress progress = background.progress();
        return new Work(background.name(), progress.runs(), progress.failures(), progress.lastTook(),
                progress.lastError());
    }
}
