package io.chordshare.operations;

import io.chordshare.replication.Replication;
import io.chordshare.ring.RingInspection;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.disk.DiskState;
import io.chordshare.storage.model.Orphans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** {@code /actuator/ring}: the state of this node's background work, and what remains to be done. */
@Component
@Endpoint(id = "ring")
class RingEndpoint {

    private final RingNode ring;
    private final Replication replication;
    private final NodeStore store;

    RingEndpoint(RingNode ring, Replication replication, NodeStore store) {
        this.ring = ring;
        this.replication = replication;
        this.store = store;
    }

    /**
     * @param successors length of the successor list
     * @param steps the queue of state-changing steps
     * @param background each kind of background work
     * @param peers suspected nodes, lost nodes, and the local health factor
     * @param files files with a record on this node
     * @param bytes total size of those files that are complete here
     * @param pendingCopies copies that are required but do not exist yet, as far as this node knows
     * @param usableBytes space for new data
     * @param disk whether the disk of the data directory works
     * @param orphans blocks that no record names and that have no reason to be deleted
     */
    record View(RingStatus status, @Nullable String ringId, int successors, StepQueue.Progress steps,
                Map<String, PeriodicTask.Progress> background, RingInspection.Watch peers, long files, long bytes,
                long pendingCopies, long usableBytes, DiskState disk, Orphans orphans) {}

    @ReadOperation
    View view() {
        RingState state = ring.state();
        Map<String, PeriodicTask.Progress> background = new LinkedHashMap<>();
        List<PeriodicTask> all = new ArrayList<>(ring.inspection().background());
        all.addAll(replication.background());
        all.forEach(work -> background.put(work.name(), work.progress()));
        return new View(state.status(), state.ringId(), state.successors().size(), ring.inspection().steps(),
                background, ring.inspection().watch(), store.records().totals().files(),
                store.records().totals().bytes(), replication.pendingCopies(), store.usableBytes(), store.disk(),
                store.orphans());
    }
}
