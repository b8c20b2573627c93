package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.placement.Placement;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.RegisterReplica;
import io.chordshare.register.RegisterStore;
import io.chordshare.register.SlotRepair;
import io.chordshare.register.SlotTransfer;
import io.chordshare.register.disk.DiskRegisters;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.blocks.BlockFetch;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.RecordBytes;
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

    /** Of one slot as many missing copies are counted. */
    private static final int PENDING_COUNTED = 1000;
    /** An upload without a new block for this time was interrupted; its blocks are swept. */
    private static final Duration UPLOAD_IDLE = Duration.ofHours(1);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final Placement placement;
    private final RegisterStore registerStore;
    private final RegisterReplica registerReplica;
    private final RegisterClient registers;
    private final SlotRepair repair;
    private final Replica replica;
    private final MemberCache members;
    private final BlockFetch blockFetch;
    private final RecordBytes bytes;
    private final ExtraReplicas copies;
    private final IndexGossip spreading;
    private final RingImport ringImport;
    private final RingRecovery recovery;
    private final Decommission leaving;
    private final PeriodicTask catchingUp;
    private final PeriodicTask checkingNews;
    private final PeriodicTask sweeping;
    private final PeriodicTask lookingAtDisk;

    public Replication(NodeRuntime runtime, RingNode ring, NodeStore store, FilesSettings settings,
                       BufferBudget budget) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        members = new MemberCache(runtime, ring);
        blockFetch = new BlockFetch(runtime, ring, members);
        bytes = new RecordBytes(runtime, store, blockFetch, budget);
        DiskRegisters disk = new DiskRegisters(store, settings.ownerSet());
        registerStore = disk;
        placement = new Placement(runtime, ring, Slots::ofRing,
                new Placement.Settings(settings.ownerSet(), settings.repairAfter()), disk,
                made -> new SlotTransfer(runtime, made, disk, bytes));
        registerReplica = new RegisterReplica(runtime, placement, disk, bytes);
        registers = new RegisterClient(runtime, placement);
        repair = new SlotRepair(runtime, placement, disk, bytes, registers);
        replica = new Replica(ring, store, placement);
        MajorityLines majority = new MajorityLines(runtime, placement);
        copies = new ExtraReplicas(runtime, ring, store, settings,
                new ExtraReplicas.Parts(placement, registerReplica, bytes, majority, members));
        spreading = new IndexGossip(runtime, ring, store, copies, majority);
        ringImport = new RingImport(runtime, ring, store, registers);
        recovery = new RingRecovery(runtime, ring, placement, store.index(), majority,
                new FileRegister(runtime, ring, this));
        leaving = new Decommission(runtime, ring, store, placement, ringImport);
        catchingUp = onDisk("catch-up", spreading::catchUp);
        checkingNews = onDisk("news", spreading::checkNews);
        sweeping = onDisk("sweep", () -> {
            bytes.releaseOld();
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
        if (news instanceof FileNews files) {
            boolean isNew = false;
            for (FileEntry entry : files.entries()) {
                isNew |= spreading.hear(entry, spreadOn);
            }
            if (isNew) {
                checkingNews.tick();
            }
        }
    }

    private final class Listener implements RingListener {

        @Override
        public void changed(RingState before, RingState after) {
            if (before.status() == RingStatus.JOINING && after.status() == RingStatus.MEMBER) {
                // what was handed over when this node left is not needed any more: it gets what it must hold anew
                runtime.start("drop-aside", this::dropAside);
            }
            boolean moved = !before.successors().equals(after.successors())
                    || !before.range().equals(after.range()) || before.status() != after.status();
            if (moved && after.status().canServe()) {
                placement.tick();
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
            // placement sees that the successors are others
        }
    }

    /** Looks at the disk, brings slots and copies in line with the ring, and reads on in the neighbours' indexes. */
    public void tick() {
        lookingAtDisk.tick();
        placement.tick();
        if (ring.state().status().canServe()) {
            repair.task().tick();
            catchingUp.tick();
            checkingNews.tick();
            copies.tick();
            ringImport.background().tick();
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

    public Placement placement() {
        return placement;
    }

    public RegisterReplica registerReplica() {
        return registerReplica;
    }

    public RegisterClient registers() {
        return registers;
    }

    public MemberCache members() {
        return members;
    }

    public BlockFetch blockFetch() {
        return blockFetch;
    }

    public RingRecovery recovery() {
        return recovery;
    }

    public Decommission leaving() {
        return leaving;
    }

    /** Broadcasts what was just written. */
    public void announce(FileEntry entry) {
        spreading.announce(entry);
    }

    /** Of {@code peers} (in ring order) the one that the ring makes the owner of a file. */
    public Peer ownerOf(String key, List<Peer> peers) {
        Slots slots = placement.slots();
        return MemberCache.ownersOf(slots.start(slots.of(ChordId.parse(key))), peers, 1).getFirst();
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

    /** Copies that belong here and are not here yet, and slots whose members are about to change or to answer. */
    public long pendingCopies() {
        Placement.Progress progress = placement.progress();
        long pending = progress.changing() + progress.activating() + store.slotStates().importsLeft();
        for (int slot = 0; slot < placement.slots().count(); slot++) {
            int here = slot;
            pending += placement.known(slot).filter(view -> view.has(placement.self())).map(view ->
                    registerStore.incomplete(here, view.rankOf(placement.self()), PENDING_COUNTED).size()).orElse(0);
        }
        return pending;
    }

    public List<PeriodicTask> background() {
        List<PeriodicTask> all = new ArrayList<>(placement.tasks());
        all.addAll(List.of(repair.task(), catchingUp, checkingNews, copies.background(), ringImport.background(),
                sweeping, lookingAtDisk));
        return all;
    }
}
