package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.replication.ReplicaRequest.Compare;
import io.chordshare.replication.ReplicaRequest.Compared;
import io.chordshare.replication.ReplicaRequest.KeyVersion;
import io.chordshare.replication.ReplicaRequest.Page;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.WriteRecord;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of a range synchronizes the other members of its owner set: it takes newer records from them, gives them
 * missing ones, and tells them which bytes they must hold. The same comparison serves joins, returns and the repair
 * after a death. Compares digests of whole ranges; Merkle trees will follow.
 */
public final class AntiEntropy {

    private static final Logger log = LoggerFactory.getLogger(AntiEntropy.class);

    /** If all members agreed last time and nothing changed here, the next comparison is only after this time. */
    private static final Duration QUIET_FOR = Duration.ofSeconds(3);

    /** Records that are sent or fetched concurrently. */
    private static final int AT_ONCE = 32;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final CaughtUpRanges coverage;
    private final FilesSettings settings;
    private final Plausibility plausibility;
    private volatile Duration graceUntil;
    private Set<ChordId> membersBeforeGrace = Set.of();
    private @Nullable Quiet quiet;
    private volatile long pending;

    /** The time and the state in which all members agreed. */
    private record Quiet(Duration since, long changes, @Nullable Peer predecessor, List<Peer> successors) {}

    AntiEntropy(NodeRuntime runtime, RingNode ring, NodeStore store, CaughtUpRanges coverage, FilesSettings settings) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.coverage = coverage;
        this.settings = settings;
        this.graceUntil = runtime.uptime();
        this.plausibility = new Plausibility(runtime);
    }

    /** Copies of this node's own range that are required but do not exist yet, according to the last round. */
    long pending() {
        return pending;
    }

    /** After a death or a shutdown, bytes are not copied to new members immediately, because the node may come back. */
    void gone(DepartureCause how) {
        if (how != DepartureCause.LEFT) {
            graceUntil = runtime.uptime().plus(settings.repairAfter());
        }
    }

    void round() {
        RingState state = ring.state();
        boolean withOthers = state.status() == RingStatus.MEMBER || state.status() == RingStatus.LEAVING;
        if (state.status() == RingStatus.ALONE) {
            ChordId self = state.self().id();
            pending = RangeAnswers.pending(store, self.toString(), self.toString(), 0, true);
        }
        if (!withOthers || state.predecessor() == null || isQuiet(state)) {
            return;
        }
        long changes = store.records().changes();
        List<Peer> members = state.successors().stream().limit(settings.ownerSet() - 1L).toList();
        boolean grace = runtime.uptime().compareTo(graceUntil) < 0;
        RingInterval range = state.range();
        // first this node learns what the others have, then it says who has all of it: one that is as new as the owner
        // itself must not be taken for one that has caught up
        List<Compared> compared = forEach(members, grace, (member, rank, bytes) ->
                bringInStep(member, range, rank, bytes));
        boolean majority = compared.size() + 1 > (members.size() + 1) / 2;
        List<Compared> answers = !majority ? compared : forEach(members, grace, (member, rank, bytes) ->
                compareDigests(member, range, rank, bytes, true));
        long own = RangeAnswers.pending(store, range.from().toString(), range.to().toString(), 0, true);
        long same = answers.stream().filter(Compared::same).count();
        if (!grace) {
            membersBeforeGrace = members.stream().map(Peer::id).collect(Collectors.toSet());
        }
        pending = own + answers.stream().mapToLong(Compared::pending).sum();
        if (majority) {
            coverage.confirm(range);
        }
        boolean allAgree = same == members.size() && pending == 0 && !grace && changes == store.records().changes();
        quiet = allAgree ? new Quiet(runtime.uptime(), changes, state.predecessor(), state.successors()) : null;
    }

    private boolean isQuiet(RingState state) {
        Quiet last = quiet;
        return last != null && last.changes() == store.records().changes()
                && runtime.uptime().minus(last.since()).compareTo(QUIET_FOR) < 0
                && state.predecessor() != null && state.predecessor().equals(last.predecessor())
                && state.successors().equals(last.successors());
    }

    /** What to do with one member of the owner set. */
    @FunctionalInterface
    private interface WithMember {

        Compared run(Peer member, int rank, boolean wantBytes) throws PeerException;
    }

    private List<Compared> forEach(List<Peer> members, boolean grace, WithMember work) {
        List<PeerCall<Compared>> calls = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Peer member = members.get(i);
            int rank = i + 1;
            boolean wantBytes = !grace || membersBeforeGrace.contains(member.id());
            calls.add(() -> work.run(member, rank, wantBytes));
        }
        return Outcome.answers(runtime.gather(calls));
    }

    private Compared bringInStep(Peer member, RingInterval range, int rank, boolean wantBytes) throws PeerException {
        Compared byDigest = compareDigests(member, range, rank, wantBytes, false);
        if (byDigest.same()) {
            return byDigest;
        }
        @Nullable String after = null;
        boolean last = false;
        while (!last) {
            List<RecordState> states = store.records().range(range.from().toString(), range.to().toString(), after,
                    Page.MAX_ENTRIES);
            last = states.size() < Page.MAX_ENTRIES;
            String upTo = last ? null : states.getLast().key();
            List<KeyVersion> versions =
                    states.stream().map(state -> new KeyVersion(state.key(), state.version())).toList();
            Compared differences = runtime.call(member, new Compare(range.from(), range.to(), rank, wantBytes, "",
                    false, new Page(after, upTo, versions)));
            take(member, differences.newer());
            give(member, rank, wantBytes, differences.older());
            after = upTo;
        }
        return compareDigests(member, range, rank, wantBytes, false);
    }

    private Compared compareDigests(Peer member, RingInterval range, int rank, boolean wantBytes, boolean confirm)
            throws PeerException {
        String digest = store.records().digest(range.from().toString(), range.to().toString());
        return runtime.call(member,
                new Compare(range.from(), range.to(), rank, wantBytes, digest, confirm, null));
    }

    private void take(Peer member, List<KeyVersion> newer) throws PeerException {
        int took = inBatches(newer, there -> {
            Optional<RecordState> here = store.records().state(there.key());
            // On a full disk only deletions are taken, if there is something to delete
            boolean needed = here.isEmpty() ? store.hasRoomForRepair()
                    : there.version().isNewerThan(here.get().version());
            if (needed) {
                FileRecord record = runtime.call(member, new ReadRecord(there.key()));
                Version before = here.map(RecordState::version).orElse(Version.NONE);
                if (!record.key().equals(there.key()) || !plausibility.explains(before, record.version())) {
                    throw new PeerException(PeerException.Reason.FAILED, member
                            + " returned another record than requested, or one with a counter that no writer can have"
                            + " reached");
                }
                keep(record);
            }
            return needed;
        });
        if (took > 0) {
            log.info("Fetched {} newer records from {}", took, member);
        }
    }

    private void keep(FileRecord record) throws PeerException {
        try {
            store.records().put(record, record.copies().wantedAt(0) && !record.deleted());
        } catch (StorageException e) {
            throw Replica.translate(e);
        }
    }

    private void give(Peer member, int rank, boolean wantBytes, List<KeyVersion> older) throws PeerException {
        AtomicBoolean full = new AtomicBoolean();
        int gave = inBatches(older, there -> {
            Optional<FileRecord> record = store.records().get(there.key());
            // a member without room takes deletions; the rest need not be sent only to be refused
            boolean needed = record.isPresent() && (record.get().deleted() || !full.get());
            if (needed) {
                boolean wanted = wantBytes && record.get().copies().wantedAt(rank) && !record.get().deleted();
                giveOne(member, new WriteRecord(record.get(), wanted, null), full);
            }
            return needed;
        });
        if (gave > 0) {
            log.info("Sent {} records to {}", gave, member);
        }
    }

    private void giveOne(Peer member, WriteRecord message, AtomicBoolean full) throws PeerException {
        try {
            runtime.call(member, message);
        } catch (PeerException e) {
            full.compareAndSet(false, e.reason() == PeerException.Reason.DISK_FULL);
            throw e;
        }
    }

    /**
     * Many concurrent records share one commit. A record without room does not delay the others, least of all
     * deletions.
     *
     * @return how many were done
     */
    private int inBatches(List<KeyVersion> all, OneRecord work) throws PeerException {
        int done = 0;
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<PeerCall<Boolean>> calls = new ArrayList<>();
            for (KeyVersion one : all.subList(from, Math.min(all.size(), from + AT_ONCE))) {
                calls.add(() -> work.run(one));
            }
            for (Outcome<Boolean> outcome : runtime.gather(calls)) {
                if (outcome instanceof Outcome.Failed<Boolean>(PeerException reason)) {
                    if (reason.reason() != PeerException.Reason.DISK_FULL) {
                        throw reason;
                    }
                    log.debug("a record was not taken over: {}", reason.getMessage());
                }
                done += outcome.value().orElse(false) ? 1 : 0;
            }
        }
        return done;
    }

    /** What is done with one record; false when there was nothing to do. */
    @FunctionalInterface
    private interface OneRecord {

        boolean run(KeyVersion record) throws PeerException;
    }
}
