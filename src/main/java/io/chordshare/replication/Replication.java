package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.blocks.BlockFetch;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.ring.RingListener;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All background work of a node on copies of files. */
public final class Replication {

    private static final Logger log = LoggerFactory.getLogger(Replication.class);

    /** A copy under way that takes longer is given up: it is fetched again after the restart. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    /** An upload without a new block for this time was interrupted; its blocks are swept. */
    private static final Duration UPLOAD_IDLE = Duration.ofHours(1);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final CaughtUpRanges coverage;
    private final Replica replica;
    private final MemberCache members;
    private final BlockFetch blockFetch;
    private final ReplicaRepair copies;
    private final IndexGossip spreading;
    private final AntiEntropy rangeSync;
    private final Decommission leaving;
    private final PeriodicTask syncing;
    private final PeriodicTask catchingUp;
    private final PeriodicTask checkingNews;
    private final PeriodicTask givingFarCopies;
    private final PeriodicTask sweeping;
    private final PeriodicTask lookingAtDisk;

    public Replication(NodeRuntime runtime, RingNode ring, NodeStore store, FilesSettings settings,
                       BufferBudget budget) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        coverage = new CaughtUpRanges(runtime);
        replica = new Replica(runtime, ring, store, coverage);
        members = new MemberCache(runtime, ring);
        blockFetch = new BlockFetch(runtime, ring, members);
        MajorityLines majority = new MajorityLines(runtime, ring, settings);
        copies = new ReplicaRepair(runtime, ring, store, settings, blockFetch, budget, majority);
        spreading = new IndexGossip(runtime, ring, store, copies, majority);
        rangeSync = new AntiEntropy(runtime, ring, store, coverage, settings);
        leaving = new Decommission(runtime, ring, store, replica,
                new Handoff(runtime, ring, store, members, settings), coverage);
        syncing = onDisk("sync", rangeSync::round);
        catchingUp = onDisk("catch-up", spreading::catchUp);
        checkingNews = onDisk("news", spreading::checkNews);
        givingFarCopies = onDisk("far-copies", new ExtraReplicas(runtime, ring, store, members, settings)::round);
        sweeping = onDisk("sweep", () -> {
            store.blocks().releaseIdle(UPLOAD_IDLE);
            store.freeReplaced();
        });
        lookingAtDisk = onDisk("disk", store::checkDisk);
        ring.readNews(this::hear);
        ring.listen(new Listener());
    }

    /** Work that uses the disk: when that fails, the disk has said so in the log. */
    private PeriodicTask onDisk(String name, Runnable work) {
        return new PeriodicTask(name, runtime, work, StorageException.class::isInstance);
    }

    private void hear(News news, Consumer<News> spreadOn) {
        if (news instanceof FileNews(FileEntry entry, Peer teller) && spreading.hear(entry, spreadOn)) {
            checkingNews.tick();
        }
    }

    private final class Listener implements RingListener {

        @Override
        public void changed(RingState before, RingState after) {
            if (before.status() == RingStatus.JOINING && after.status() == RingStatus.MEMBER) {
                coverage.clear();
                // what was handed over when this node left is not needed any more: it gets what it must hold anew
                runtime.start("drop-aside", this::dropAside);
            }
            if (before.status() == RingStatus.ALONE && after.status() == RingStatus.MEMBER) {
                // until now this node was the whole ring, and had everything
                coverage.confirm(new RingInterval(after.self().id(), after.self().id()));
            }
            boolean moved = !before.successors().equals(after.successors())
                    || !before.range().equals(after.range()) || before.status() != after.status();
            if (moved && after.status().canServe()) {
                syncing.tick();
            }
        }

        private void dropAside() {
            try {
                store.deleteSetAside();
            } catch (StorageException e) {
                // The data takes disk space until this node leaves and joins again
                log.warn("Data that was set aside cannot be deleted: {}", e.getMessage());
            }
        }

        @Override
        public void gone(Peer peer, DepartureCause how) {
            rangeSync.gone(how);
        }
    }

    /**
     * Looks at the disk, compares with the others, reads on in their indexes and makes what copies are lacking, in the
     * background.
     */
    public void tick() {
        lookingAtDisk.tick();
        if (ring.state().status().canServe()) {
            syncing.tick();
            catchingUp.tick();
            checkingNews.tick();
            copies.tick();
            givingFarCopies.tick();
        }
        sweeping.tick();
    }

    /** No more background work; waits a moment for what is under way, which still needs the disk. */
    public void stop() {
        background().forEach(work -> work.stop(STOP_WITHIN));
    }

    public Replica replica() {
        return replica;
    }

    public MemberCache members() {
        return members;
    }

    public BlockFetch blockFetch() {
        return blockFetch;
    }

    public Decommission leaving() {
        return leaving;
    }

    /** Broadcasts what was just written. */
    public void announce(FileEntry entry) {
        spreading.announce(entry);
    }

    /** What each of {@code peers} has of {@code key}; those that do not answer are left out. */
    public List<Holding> holdings(ChordId key, List<Peer> peers) {
        List<PeerCall<Holding>> calls = new ArrayList<>();
        for (Peer peer : peers) {
            AskStates question = new AskStates(List.of(key.toString()));
            calls.add(() -> new Holding(peer, question.statesIn(runtime.call(peer, question)).getFirst()));
        }
        return Outcome.answers(runtime.gather(calls));
    }

    /** What one node has of one key. */
    public record Holding(Peer peer, ReplicaState state) {}

    /** Copies of this node's range that belong somewhere and are not there yet, and copies that belong here. */
    public long pendingCopies() {
        return rangeSync.pending() + store.records().backlog().files();
    }

    public List<PeriodicTask> background() {
        return List.of(syncing, catchingUp, checkingNews, copies.background(), givingFarCopies, sweeping,
                lookingAtDisk);
    }
}
