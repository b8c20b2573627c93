package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterReplica;
import io.chordshare.register.RegisterRequest;
import io.chordshare.register.RegisterRequest.GetRegisters;
import io.chordshare.replication.MajorityLines.Checked;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.blocks.RecordBytes;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of files that this node does not answer for: of files that every node keeps, and of files that want more
 * copies than a view has members. They have no vote. This node takes only what a majority of the members has.
 */
public final class ExtraReplicas {

    private static final Logger log = LoggerFactory.getLogger(ExtraReplicas.class);

    /** Files that are fetched side by side: enough to hide the waiting, few enough to leave room for users. */
    private static final int PARALLEL = 2;
    /** Files of one round. */
    private static final int BATCH = 64;
    /** How long copies wait for slots that move. */
    private static final Duration SLOTS_FIRST = Duration.ofMinutes(2);
    /** A file whose bytes could not be had is tried again after this. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    /** Files whose retry is remembered. */
    private static final int MAX_RETRIES = 10_000;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final FilesSettings settings;
    private final Parts parts;
    private final PeriodicTask background;
    private volatile @Nullable Duration movingSince;
    private final BoundedMap<String, Duration> notBefore = BoundedMap.byAge(MAX_RETRIES);

    /**
     * Those that it works with.
     *
     * @param placement which nodes answer for a file
     * @param replica   where the records go
     * @param bytes     brings their blocks
     * @param majority  knows what is true of a file
     * @param members   all nodes of the ring
     */
    record Parts(Placement placement, RegisterReplica replica, RecordBytes bytes, MajorityLines majority,
                 MemberCache members) {}

    ExtraReplicas(NodeRuntime runtime, RingNode ring, NodeStore store, FilesSettings settings, Parts parts) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.settings = settings;
        this.parts = parts;
        this.background = new PeriodicTask("copy", runtime, this::round, StorageException.class::isInstance);
    }

    void tick() {
        background.tick();
    }

    PeriodicTask background() {
        return background;
    }

    private void round() {
        boolean progress = true;
        while (progress && ring.state().status().canServe()) {
            progress = false;
            Set<FileEntry> todo = new LinkedHashSet<>();
            // without room nothing is fetched only to be thrown away; what is deleted makes room
            boolean room = store.hasRoomForRepair() && !slotsMove();
            addDue(todo, skip -> store.index().outdated(BATCH, skip), entry -> room || entry.deleted());
            if (room) {
                addDue(todo, skip -> store.index().lacking(settings.ownerSet(), BATCH, skip), entry -> true);
            }
            List<FileEntry> files = new ArrayList<>(todo);
            Map<String, FileRecord> records = recordsOf(files);
            for (int i = 0; i < files.size(); i += PARALLEL) {
                List<PeerCall<Boolean>> calls = new ArrayList<>();
                files.subList(i, Math.min(files.size(), i + PARALLEL)).forEach(entry -> calls.add(() ->
                        copy(entry, records.get(entry.key()))));
                progress |= Outcome.answers(runtime.gather(calls)).contains(true);
            }
        }
    }

    /** What this node answers for comes first, but not for ever: a slot may wait for a node that does not come back. */
    private boolean slotsMove() {
        if (!parts.placement().isMoving()) {
            movingSince = null;
            return false;
        }
        Duration since = movingSince;
        movingSince = since == null ? runtime.uptime() : since;
        return since == null || runtime.uptime().minus(since).compareTo(SLOTS_FIRST) < 0;
    }

    /** The records of new files, by key: many in one message, since a node that is new copies all files of its ring. */
    private Map<String, FileRecord> recordsOf(List<FileEntry> files) {
        Map<Peer, List<FileEntry>> sources = new LinkedHashMap<>();
        files.stream().filter(entry -> !entry.deleted() && !wasTriedBefore(entry.key())).forEach(entry ->
                members(entry).reversed().stream().limit(1).forEach(peer ->
                        sources.computeIfAbsent(peer, key -> new ArrayList<>()).add(entry)));
        Map<String, FileRecord> records = new LinkedHashMap<>();
        sources.forEach((peer, entries) -> {
            for (int from = 0; from < entries.size(); from += RegisterRequest.MAX_REGISTERS) {
                List<FileEntry> some = entries.subList(from, Math.min(entries.size(),
                        from + RegisterRequest.MAX_REGISTERS));
                List<String> keys = some.stream().map(FileEntry::key).toList();
                Outcome.of(() -> runtime.call(peer, new GetRegisters(keys))).value().ifPresent(answer ->
                        answer.registers().stream().map(Register::record).filter(Objects::nonNull)
                                // a peer has no say in files that it was not asked for
                                .filter(record -> keys.contains(record.key()))
                                .forEach(record -> records.put(record.key(), record)));
            }
        });
        return records;
    }

    /** The first batch in which something is due: files that cannot be had must not hold up those behind them. */
    private void addDue(Set<FileEntry> todo, IntFunction<List<FileEntry>> page, Predicate<FileEntry> fits) {
        int before = todo.size();
        for (int skip = 0; todo.size() == before; skip += BATCH) {
            List<FileEntry> entries = page.apply(skip);
            entries.stream().filter(entry -> fits.test(entry) && isDue(entry) && isWanted(entry)).forEach(todo::add);
            if (entries.size() < BATCH) {
                return;
            }
        }
    }

    /** Whether this node keeps the file although it does not answer for it. */
    private boolean isWanted(FileEntry entry) {
        if (parts.placement().known(slot(entry)).isEmpty()) {
            parts.placement().find(slot(entry));
        }
        if (parts.placement().mayAnswerFor(slot(entry))) {
            return false;
        }
        if (entry.copies().all() || store.records().state(entry.key()).isPresent()) {
            return true;
        }
        ChordId self = ring.state().self().id();
        return MemberCache.ownersOf(parts.placement().slots().start(slot(entry)), parts.members().now(),
                entry.copies().count()).stream().anyMatch(peer -> peer.id().equals(self));
    }

    private int slot(FileEntry entry) {
        return parts.placement().slots().of(ChordId.parse(entry.key()));
    }

    /** Brings this node's copy in line with the line. True when it is. */
    private boolean copy(FileEntry entry, @Nullable FileRecord found) throws PeerException {
        Optional<FileEntry> line = wasTriedBefore(entry.key()) ? newestLine(entry) : Optional.of(entry);
        Optional<FileRecord> record = Optional.ofNullable(found).filter(one -> one.entry().equals(entry))
                .or(() -> line.flatMap(this::recordOf));
        boolean done = record.isPresent() && hasRoomFor(record.get()) && parts.bytes().fetch(record.get(),
                members(record.get().entry())) && parts.replica().keepExtra(record.get());
        if (!done) {
            later(entry.key());
        }
        return done;
    }

    /** Blocks leave all of the reserve to others; what lies in a record is as small as a record. */
    private boolean hasRoomFor(FileRecord record) {
        return record.carriesItsBytes() || store.usableBytes() >= Math.min(record.size(), Content.BLOCK_BYTES);
    }

    /** Nobody had its bytes: it may have been replaced long ago. */
    private Optional<FileEntry> newestLine(FileEntry entry) {
        Checked checked = parts.majority().check(List.of(entry));
        checked.lines().forEach(store.index()::merge);
        return checked.lines().stream().findFirst();
    }

    /** @param entry what a majority says of the file: nothing else is taken, from any node */
    private Optional<FileRecord> recordOf(FileEntry entry) {
        if (entry.deleted()) {
            // a tombstone has no bytes: the line of the index is all there is to know
            return Optional.of(new FileRecord(entry.key(), entry.name(), 0, entry.version(), true, 0, entry.sha256(),
                    entry.contentType(), entry.modified(), entry.copies(), Content.none()));
        }
        for (Peer peer : members(entry).reversed()) {
            // the owner last: everybody asks it
            try {
                FileRecord record = runtime.call(peer, new ReadRecord(entry.key()));
                if (record.entry().equals(entry)) {
                    return Optional.of(record);
                }
                log.debug("{} has another version of {}", peer, entry.name());
            } catch (PeerException e) {
                log.debug("record of {} not from {}: {}", entry.name(), peer, e.getMessage());
            }
        }
        return Optional.empty();
    }

    private List<Peer> members(FileEntry entry) {
        return parts.placement().known(slot(entry)).or(() -> parts.placement().find(slot(entry))).map(View::members)
                .orElse(List.of()).stream().map(parts.placement()::newest).toList();
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
