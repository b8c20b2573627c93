package io.chordshare.console;

import io.chordshare.id.ChordId;
import io.chordshare.replication.Replication;
import io.chordshare.ring.RingInspection;
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

/** {@code GET /node}: version, memory, disk, background work and settings of this node, for its operators. */
@RestController
@Tag(name = "Node", description = "This node: version, memory, disk, background work, settings")
class NodeController {

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
     * @param version of Chordshare; "development" when it does not run from its jar
     * @param files the amount of data on this node
     * @param peers the nodes that this node suspects or has lost
     * @param background each kind of background work
     * @param settings the settings of the node; of a secret only whether it is set
     */
    record NodeView(Peer self, String version, String java, Instant startedAt, long uptimeSeconds, Memory memory,
            Disk disk, Files files, Peers peers, List<Work> background, List<NodeSettings.Setting> settings) {}

    record Memory(long heapUsedBytes, long heapMaxBytes) {}

    /** @param usableBytes space for new data: free space minus the reserve */
    record Disk(long usableBytes) {}

    /**
     * @param files files with a record on this node
     * @param bytes total size of those files that are complete here
     * @param pendingCopies copies that are required but do not exist yet, as far as this node knows
     */
    record Files(long files, long bytes, long pendingCopies) {}

    /**
     * @param suspected neighbours that are silent but not yet declared dead
     * @param lost nodes that went silent; this node regularly asks whether they are back
     * @param healthFactor factor by which this node waits longer before it declares a node dead; 1 when healthy
     */
    record Peers(List<ChordId> suspected, List<Peer> lost, int healthFactor) {}

    /** @param lastError of the last failed run; null when no run failed */
    record Work(String name, long runs, long failures, @Nullable Duration lastTook, @Nullable String lastError) {}

    @Operation(summary = "This node: version, memory, disk, amount of data, background work, settings")
    @GetMapping("/node")
    NodeView view() {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Totals totals = store.records().totals();
        RingInspection.Watch watch = ring.inspection().watch();
        String version = NodeController.class.getPackage().getImplementationVersion();
        return new NodeView(ring.state().self(), version == null ? "development" : version,
                Runtime.version().toString(), Instant.ofEpochMilli(runtime.getStartTime()),
                Duration.ofMillis(runtime.getUptime()).toSeconds(), new Memory(heap.getUsed(), heap.getMax()),
                new Disk(store.usableBytes()),
                new Files(totals.files(), totals.bytes(), replication.pendingCopies()),
                new Peers(watch.suspected(), watch.lost(), watch.healthFactor()),
                Stream.concat(ring.inspection().background().stream(), replication.background().stream())
                        .map(NodeController::work).toList(),
                settings.all());
    }

    private static Work work(PeriodicTask background) {
        PeriodicTask.Progress progress = background.progress();
        return new Work(background.name(), progress.runs(), progress.failures(), progress.lastTook(),
                progress.lastError());
    }
}
