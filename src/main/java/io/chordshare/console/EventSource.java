package io.chordshare.console;

import io.chordshare.console.NodeEvent.Node.Change;
import io.chordshare.id.ChordId;
import io.chordshare.replication.Decommission;
import io.chordshare.replication.Replication;
import io.chordshare.ring.RingListener;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.records.FileIndex;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Writes the event log. The ring reports its changes. Changes of the file index, of pending copies and of a hand-off
 * are polled once a second, which costs one read of an SQLite index. Closes the log when the node stops, so that no
 * reader delays the stop.
 */
@Component
class EventSource implements RingListener {

    /**
     * More changes at once come from a new member that catches up, or from an import. The console then reads its list
     * of files again.
     */
    private static final int MAX_FILES_PER_LOOK = 50;

    private final Replication replication;
    private final FileIndex index;
    private final EventLog log;
    private volatile boolean stopped;
    // Used by the polling thread only
    private String epoch = "";
    private long lastChange;
    private long pendingCopies;
    private Decommission.@Nullable Progress handover;

    EventSource(RingNode ring, Replication replication, NodeStore store, EventLog log) {
        this.replication = replication;
        index = store.index();
        this.log = log;
        ring.listen(this);
    }

    // -- the ring ----------------------------------------------------------------------------------------------------

    @Override
    public void changed(RingState before, RingState after) {
        List<String> changed = new ArrayList<>();
        if (before.status() != after.status()) {
            changed.add("status");
        }
        if (!sameNode(before.predecessor(), after.predecessor())) {
            changed.add("predecessor");
        }
        if (!ids(before.successors()).equals(ids(after.successors()))) {
            changed.add("successors");
        }
        if (!before.fingers().equals(after.fingers())) {
            changed.add("fingers");
        }
        if (!changed.isEmpty()) {
            log.append(new NodeEvent.Ring(now(), changed, after.status(), after.predecessor(), after.successors()));
        }
    }

    /** A higher incarnation alone is not another node. */
    private static boolean sameNode(@Nullable Peer one, @Nullable Peer other) {
        return one == null || other == null ? one == other : one.sameNode(other);
    }

    private static List<ChordId> ids(List<Peer> peers) {
        return peers.stream().map(Peer::id).toList();
    }

    @Override
    public void gone(Peer peer, DepartureCause how) {
        log.append(new NodeEvent.Node(now(), peer, switch (how) {
            case DEAD -> Change.DEAD;
            case SWITCHED_OFF -> Change.SWITCHED_OFF;
            case LEFT -> Change.LEFT;
        }));
    }

    @Override
    public void suspected(Peer peer, boolean isSuspected) {
        log.append(new NodeEvent.Node(now(), peer, isSuspected ? Change.SUSPECTED : Change.CLEARED));
    }

    // -- files and copies --------------------------------------------------------------------------------------------

    @Scheduled(fixedRate = 1000)
    void look() {
        if (!stopped) {
            lookAtFiles();
            lookAtCopies();
            lookAtHandover();
        }
    }

    private void lookAtFiles() {
        if (!index.epoch().equals(epoch)) {
            // The first poll, or this node left and started again: existing files are not events
            epoch = index.epoch();
            lastChange = index.lastChange();
            return;
        }
        IndexChanges changes = index.changesSince(lastChange, MAX_FILES_PER_LOOK);
        if (changes.entries().size() == MAX_FILES_PER_LOOK) {
            lastChange = index.lastChange();
            log.append(new NodeEvent.ManyFiles(now()));
            return;
        }
        lastChange = changes.last();
        for (FileEntry entry : changes.entries()) {
            log.append(new NodeEvent.File(now(), entry.name(),
                    entry.deleted() ? NodeEvent.File.Change.DELETED : NodeEvent.File.Change.STORED, entry.size()));
        }
    }

    private void lookAtCopies() {
        long pending = replication.pendingCopies();
        if (pending != pendingCopies) {
            pendingCopies = pending;
            log.append(new NodeEvent.Repair(now(), pending));
        }
    }

    private void lookAtHandover() {
        Decommission.Progress progress = replication.leaving().progress().orElse(null);
        if (Objects.equals(progress, handover)) {
            return;
        }
        handover = progress;
        log.append(progress == null
                ? new NodeEvent.Handover(now(), false, 0, 0, replication.leaving().refusal().orElse(null))
                : new NodeEvent.Handover(now(), true, progress.filesLeft(), progress.bytesLeft(),
                progress.blockedBy()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    // -- life --------------------------------------------------------------------------------------------------------

    /**
     * Runs before anything else stops: a stopping node waits for running requests, and readers of events never finish.
     */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopped = true;
        log.close();
    }
}
