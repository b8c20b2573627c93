package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.ReplicaRequest.WriteRecord;
import io.chordshare.replication.ReplicaRequest.Written;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a leaving node still has to hand off: for every record on it, the nodes that will be responsible without it must
 * have the record, and those that must hold the bytes must confirm that they have all of them.
 */
public final class Handoff {

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final MemberCache members;
    private final FilesSettings settings;

    Handoff(NodeRuntime runtime, RingNode ring, NodeStore store, MemberCache members, FilesSettings settings) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.members = members;
        this.settings = settings;
    }

    /**
     * What remains.
     *
     * @param filesLeft files that are not yet where they belong without this node
     * @param bytesLeft their size
     * @param blockedBy what stands in the way, or null when it goes on
     * @param hopeless whether waiting will not help
     */
    record Left(long filesLeft, long bytesLeft, @Nullable String blockedBy, boolean hopeless) {

        boolean done() {
            return filesLeft == 0 && blockedBy == null;
        }
    }

    /** One pass over all records: sends what is missing and counts what is not confirmed yet. */
    Left pass() {
        Peer self = ring.state().self();
        List<Peer> others = members.refresh().stream().filter(peer -> !peer.sameNode(self)).toList();
        if (others.isEmpty()) {
            return new Left(store.records().totals().files(), store.records().totals().bytes(),
                    "no other node answers", false);
        }
        Tally tally = new Tally();
        @Nullable String after = null;
        List<RecordState> page;
        do {
            page = store.records().page(after, AskStates.MAX_KEYS);
            giveAway(page, others, tally);
            after = page.isEmpty() ? null : page.getLast().key();
        } while (page.size() == AskStates.MAX_KEYS);
        return new Left(tally.files, tally.bytes, tally.blockedBy, tally.hopeless);
    }

    private static final class Tally {
        private long files;
        private long bytes;
        private @Nullable String blockedBy;
        private boolean hopeless;
    }

    private record Place(RecordState record, boolean wantsBytes) {}

    private void giveAway(List<RecordState> page, List<Peer> others, Tally tally) {
        Map<Peer, List<Place>> byTarget = new LinkedHashMap<>();
        for (RecordState record : page) {
            List<Peer> owners = MemberCache.ownersOf(ChordId.parse(record.key()), others, settings.ownerSet());
            for (int rank = 0; rank < owners.size(); rank++) {
                // what is not whole here cannot be given away from here; others may have it
                boolean bytes = !record.deleted() && record.complete() && record.copies().wantedAt(rank);
                byTarget.computeIfAbsent(owners.get(rank), peer -> new ArrayList<>()).add(new Place(record, bytes));
            }
        }
        Map<String, RecordState> open = new LinkedHashMap<>();
        byTarget.forEach((target, places) -> open.putAll(giveTo(target, places, tally)));
        tally.files += open.size();
        tally.bytes += open.values().stream().mapToLong(RecordState::size).sum();
    }

    /** Returns what {@code target} does not have yet. */
    private Map<String, RecordState> giveTo(Peer target, List<Place> places, Tally tally) {
        Map<String, RecordState> open = new LinkedHashMap<>();
        try {
            AskStates question = new AskStates(places.stream().map(place -> place.record().key()).toList());
            List<ReplicaState> there = question.statesIn(runtime.call(target, question));
            for (int i = 0; i < places.size(); i++) {
                Place place = places.get(i);
                if (!satisfied(target, place, there.get(i))) {
                    open.put(place.record().key(), place.record());
                }
            }
        } catch (PeerException e) {
            places.forEach(place -> open.put(place.record().key(), place.record()));
            tally.blockedBy = target.address() + " does not accept its part: " + e.getMessage();
            tally.hopeless |= e.reason() == Reason.DISK_FULL;
        }
        return open;
    }

    private boolean satisfied(Peer target, Place place, ReplicaState there) throws PeerException {
        RecordState mine = place.record();
        if (there.version().isNewerThan(mine.version())) {
            return true;
        }
        if (there.version().equals(mine.version()) && (!place.wantsBytes() || there.complete())) {
            return true;
        }
        Optional<FileRecord> record = store.records().get(mine.key());
        if (record.isEmpty()) {
            return true;
        }
        Written written = runtime.call(target, new WriteRecord(record.get(), place.wantsBytes(), null));
        return !place.wantsBytes() || written.complete();
    }
}
