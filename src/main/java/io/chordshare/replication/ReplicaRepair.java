package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.blocks.BlockFetch;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.FileBlocks;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches the copies that are required here but do not exist yet, after announcements and after losses. */
public final class ReplicaRepair {

    private static final Logger log = LoggerFactory.getLogger(ReplicaRepair.class);

    /** Files that are fetched side by side: enough to hide the waiting, few enough to leave room for users. */
    private static final int PARALLEL = 2;
    /** Files of one round. */
    private static final int BATCH = 64;
    /** News that wait; what does not fit is found again in the index. */
    private static final int MAX_NEWS = 10_000;
    /** A file whose bytes could not be had is tried again after this. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    /** Files whose retry is remembered. */
    private static final int MAX_RETRIES = 10_000;
    private static final Duration BUFFER_PATIENCE = Duration.ofSeconds(10);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final FilesSettings settings;
    private final BlockFetch fetch;
    private final BufferBudget budget;
    private final PeriodicTask background;
    private final MajorityLines majority;
    private final BoundedMap<String, FileEntry> news = BoundedMap.byAge(MAX_NEWS);
    private final BoundedMap<String, Duration> notBefore = BoundedMap.byAge(MAX_RETRIES);

    ReplicaRepair(NodeRuntime runtime, RingNode ring, NodeStore store, FilesSettings settings, BlockFetch fetch,
               BufferBudget budget, MajorityLines majority) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.settings = settings;
        this.fetch = fetch;
        this.budget = budget;
        this.majority = majority;
        this.background = new PeriodicTask("copy", runtime, this::round, StorageException.class::isInstance);
    }

    void tick() {
        background.tick();
    }

    PeriodicTask background() {
        return background;
    }

    /** @param entry what a majority says of the file */
    void enqueue(FileEntry entry) {
        synchronized (news) {
            FileEntry before = news.get(entry.key());
            if (before == null ? !news.isFull() : entry.version().isNewerThan(before.version())) {
                news.put(entry.key(), entry);
            }
        }
    }

    private void round() {
        boolean progress = true;
        while (progress && ring.state().status().canServe()) {
            Set<FileEntry> todo = new LinkedHashSet<>();
            // without room nothing is fetched only to be thrown away; what is deleted makes room
            boolean room = store.hasRoomForRepair();
            progress = takeNews(room);
            if (!room) {
                continue;
            }
            addDue(todo, skip -> store.records().incomplete(BATCH, skip));
            addDue(todo, skip -> store.index().lackingAll(BATCH, skip));
            List<FileEntry> files = new ArrayList<>(todo);
            for (int i = 0; i < files.size(); i += PARALLEL) {
                List<PeerCall<Boolean>> calls = new ArrayList<>();
                files.subList(i, Math.min(files.size(), i + PARALLEL)).forEach(entry -> calls.add(() -> copy(entry)));
                for (var outcome : runtime.gather(calls)) {
                    progress |= outcome.value().orElse(false);
                }
            }
        }
    }

    /** The first batch in which something is due: files that cannot be had must not hold up those behind them. */
    private void addDue(Set<FileEntry> todo, IntFunction<List<FileEntry>> page) {
        int before = todo.size();
        for (int skip = 0; todo.size() == before; skip += BATCH) {
            List<FileEntry> entries = page.apply(skip);
            entries.stream().filter(this::isDue).forEach(todo::add);
            if (entries.size() < BATCH) {
                return;
            }
        }
    }

    /** @param room whether there is room for more than deletions */
    private boolean takeNews(boolean room) {
        List<FileEntry> batch;
        synchronized (news) {
            batch = news.values().stream().filter(entry -> room || entry.deleted()).toList();
            batch.forEach(entry -> news.remove(entry.key()));
        }
        boolean progress = false;
        for (FileEntry entry : batch) {
            if (!isDue(entry)) {
                enqueue(entry);
            } else if (takeRecord(entry, entry.copies().all()).isPresent()) {
                progress = true;
            } else {
                // the version may have been replaced meanwhile; then newer news make this go away
                later(entry.key());
                enqueue(entry);
            }
        }
        return progress;
    }

    /** Fetches the bytes of one file. True when they are all here now. */
    private boolean copy(FileEntry entry) {
        if (!hasRoomFor(entry)) {
            log.debug("no room for a copy of {}", entry.name());
            later(entry.key());
            return false;
        }
        Optional<FileRecord> found = store.records().get(entry.key());
        if (found.isEmpty() || entry.version().isNewerThan(found.get().version())) {
            found = takeRecord(entry, true);
        } else if (wasTriedBefore(entry.key())) {
            // nobody had its bytes: it may have been replaced long ago
            for (FileEntry line : majority.check(List.of(entry)).lines()) {
                store.index().merge(line);
                takeRecord(line, true);
            }
            found = store.records().get(entry.key());
        }
        boolean done = found.isPresent() && (found.get().deleted() || fetchBytes(found.get()));
        if (!done) {
            later(entry.key());
        }
        return done;
    }

    /** Blocks leave all of the reserve to others; what lies in a record is as small as a record. */
    private boolean hasRoomFor(FileEntry entry) {
        return entry.size() <= Content.MAX_INLINE_BYTES
                || store.usableBytes() >= Math.min(entry.size(), Content.BLOCK_BYTES);
    }

    /** @param entry what a majority says of the file: nothing else is taken, from any node */
    private Optional<FileRecord> takeRecord(FileEntry entry, boolean wanted) {
        if (entry.deleted()) {
            // a tombstone has no bytes: the line of the index is all there is to know
            FileRecord tombstone = new FileRecord(entry.key(), entry.name(), 0, entry.version(), true, 0,
                    entry.sha256(), entry.contentType(), entry.modified(), entry.copies(), Content.none());
            return keep(tombstone, false) ? Optional.of(tombstone) : Optional.empty();
        }
        for (Peer peer : ownersOf(entry)) {
            try {
                FileRecord record = runtime.call(peer, new ReadRecord(entry.key()));
                if (record.entry().equals(entry)) {
                    return keep(record, wanted && record.copies().all()) ? Optional.of(record) : Optional.empty();
                }
                log.debug("{} has another version of {}", peer, entry.name());
            } catch (PeerException e) {
                log.debug("record of {} not from {}: {}", entry.name(), peer, e.getMessage());
            }
        }
        return Optional.empty();
    }

    private boolean keep(FileRecord record, boolean wanted) {
        try {
            store.records().put(record, wanted);
            return true;
        } catch (StorageException e) {
            log.debug("the record of {} was not kept", record.name(), e);
            return false;
        }
    }

    private List<Peer> ownersOf(FileEntry entry) {
        try {
            // the owner last: everybody asks it
            return ring.ownerSet(ChordId.parse(entry.key()), settings.ownerSet()).members().reversed();
        } catch (LookupFailedException e) {
            log.debug("{}", e.getMessage());
            return List.of();
        }
    }

    private boolean fetchBytes(FileRecord record) {
        List<Peer> likely = ownersOf(record.entry());
        String pin = record.key() + "-" + record.version().counter();
        try {
            for (var hash : FileBlocks.listBlocks(record)) {
                fetchBlock(hash, likely, pin);
            }
            for (var blocks = FileBlocks.dataBlocks(record, store.blocks()); blocks.hasNext();) {
                fetchBlock(blocks.next(), likely, pin);
            }
            return store.records().recheck(record.key(), record.version());
        } catch (StorageException e) {
            log.debug("the disk takes no copy of {}", record.name(), e);
            return false;
        } catch (PeerException | BufferBudget.OverloadedException | IOException e) {
            log.info("No copy of {} yet: {}", record.name(), e.getMessage());
            return false;
        } finally {
            try {
                // what came is named by its record from here on, also when the rest is missing still
                store.records().recheck(record.key(), record.version());
            } finally {
                store.blocks().release(pin);
            }
        }
    }

    private void fetchBlock(Sha256 hash, List<Peer> likely, String pin)
            throws PeerException, BufferBudget.OverloadedException, IOException {
        if (store.blocks().has(hash)) {
            return;
        }
        // the fetched bytes are accounted for by the lease; its own buffer is never made
        BufferBudget.Lease lease = budget.lend(Content.BLOCK_BYTES, BUFFER_PATIENCE);
        try {
            byte[] bytes = fetch.fetch(hash, likely).orElseThrow(() -> new PeerException(
                    PeerException.Reason.NOT_FOUND, "no reachable node has block " + hash));
            store.blocks().put(hash, new ByteArrayInputStream(bytes), pin);
        } finally {
            lease.close();
        }
    }

    private boolean isDue(FileEntry entry) {
        synchronized (notBefore) {
            Duration time = notBefore.get(entry.key());
            return time == null || runtime.uptime().compareTo(time) > 0;
        }
    }

    private boolean wasTriedBefore(String key) {
        synchronized (notBefore) {
            return notBefore.contains(key);
        }
    }

    private void later(String key) {
        synchronized (notBefore) {
            notBefore.put(key, runtime.uptime().plus(RETRY_AFTER));
        }
    }
}
