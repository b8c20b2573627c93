package io.chordshare.replication;

import io.chordshare.replication.DataRequest.Compare;
import io.chordshare.replication.DataRequest.Compared;
import io.chordshare.replication.DataRequest.KeyVersion;
import io.chordshare.replication.DataRequest.Page;
import io.chordshare.replication.DataRequest.ReadRecord;
import io.chordshare.replication.DataRequest.WriteRecord;
import io.chordshare.ring.NodeRuntime;
import io.chordshare.ring.Outcome;
import io.chordshare.ring.Peer;
import io.chordshare.ring.PeerCall;
import io.chordshare.ring.PeerException;
import io.chordshare.ring.RingId;
import io.chordshare.ring.RingInterval;
import io.chordshare.ring.RingListener.Departure;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingState;
import io.chordshare.ring.RingStatus;
import io.chordshare.storage.FileRecord;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.RecordState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of a range keeps the other members of its owner set in step: it takes from them what is newer there, gives
 * them what they lack, and tells them which bytes they shall hold. This one comparison serves a joining node, a returning
 * one and the repair after a death. (Digests of whole ranges; Merkle trees are to come.)
 */
final class RangeSync {

    private static final Logger log = LoggerFactory.getLogger(RangeSync.class);

    /** When all agreed last time and nothing changed here, others are asked again only after this. */
    private static final Duration QUIET_FOR = Duration.ofSeconds(3);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final Coverage coverage;
    private final FilesSettings settings;
    private volatile Duration graceUntil;
    private Set<RingId> membersBeforeGrace = Set.of();
    private @Nullable Quiet quiet;
    private volatile long pending;

    /** The moment and the state in which all agreed. */
    private record Quiet(Duration since, long changes, @Nullable Peer predecessor, List<Peer> successors) {}

    RangeSync(NodeRuntime runtime, RingNode ring, NodeStore store, Coverage coverage, FilesSettings settings) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.coverage = coverage;
        this.settings = settings;
        this.graceUntil = runtime.uptime();
    }

    /** Copies of this node's own range that belong somewhere and are not there yet, as far as the last round saw. */
    long pending() {
        return pending;
    }

    /** After a death (or a shutdown) bytes are not copied to new members at once: the node may come back. */
    void gone(Departure how) {
        if (how != Departure.LEFT) {
            graceUntil = runtime.uptime().plus(settings.repairAfter());
        }
    }

    void round() {
        RingState state = ring.state();
        boolean withOthers = state.status() == RingStatus.MEMBER || state.status() == RingStatus.LEAVING;
        if (state.status() == RingStatus.ALONE) {
            RingId self = state.self().id();
            pending = RangeAnswers.pending(store, self.toString(), self.toString(), 0, true);
        }
        if (!withOthers || state.predecessor() == null || isQuiet(state)) {
            return;
        }
        long changes = store.records().changes();
        List<Peer> members = state.successors().stream().limit(settings.ownerSet() - 1L).toList();
        boolean grace = runtime.uptime().compareTo(graceUntil) < 0;
        RingInterval range = state.range();
        List<PeerCall<Compared>> calls = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Peer member = members.get(i);
            int rank = i + 1;
            boolean wantBytes = !grace || membersBeforeGrace.contains(member.id());
            calls.add(() -> bringInStep(member, range, rank, wantBytes));
        }
        List<Compared> answers = Outcome.answers(runtime.gather(calls));
        long own = RangeAnswers.pending(store, range.from().toString(), range.to().toString(), 0, true);
        long same = answers.stream().filter(Compared::same).count();
        if (!grace) {
            membersBeforeGrace = members.stream().map(Peer::id).collect(Collectors.toSet());
        }
        pending = own + answers.stream().mapToLong(Compared::pending).sum();
        // with this node itself a majority of the owner set agrees
        if (same + 1 > (members.size() + 1) / 2) {
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

    private Compared bringInStep(Peer member, RingInterval range, int rank, boolean wantBytes) throws PeerException {
        Compared byDigest = compareDigests(member, range, rank, wantBytes);
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
                    new Page(after, upTo, versions)));
            take(member, differences.newer());
            give(member, rank, wantBytes, differences.older());
            after = upTo;
        }
        return compareDigests(member, range, rank, wantBytes);
    }

    private Compared compareDigests(Peer member, RingInterval range, int rank, boolean wantBytes)
            throws PeerException {
        String digest = store.records().digest(range.from().toString(), range.to().toString());
        return runtime.call(member, new Compare(range.from(), range.to(), rank, wantBytes, digest, null));
    }

    private void take(Peer member, List<KeyVersion> newer) throws PeerException {
        for (KeyVersion there : newer) {
            FileRecord record = runtime.call(member, new ReadRecord(there.key()));
            store.records().put(record, record.copies().wantedAt(0) && !record.deleted());
        }
        if (!newer.isEmpty()) {
            log.info("took {} newer records from {}", newer.size(), member);
        }
    }

    private void give(Peer member, int rank, boolean wantBytes, List<KeyVersion> older) throws PeerException {
        for (KeyVersion there : older) {
            Optional<FileRecord> record = store.records().get(there.key());
            if (record.isPresent()) {
                boolean wanted = wantBytes && record.get().copies().wantedAt(rank) && !record.get().deleted();
                runtime.call(member, new WriteRecord(record.get(), wanted, null));
            }
        }
        if (!older.isEmpty()) {
            log.info("gave {} records to {}", older.size(), member);
        }
    }
}
