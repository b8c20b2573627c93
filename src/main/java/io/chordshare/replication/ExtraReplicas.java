package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.Page;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.ReplicaRequest.WriteRecord;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.RecordState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies beyond the owner set, for files that need more copies than the owner set has members, but not everywhere. The
 * owner gives them to the nodes after its owner set. Those only hold bytes; they are not responsible for the name.
 */
public final class ExtraReplicas {

    private static final Logger log = LoggerFactory.getLogger(ExtraReplicas.class);

    /** Such files are rare, and looking for them means walking the ring. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final MemberCache members;
    private final FilesSettings settings;
    private Duration lastLook;

    ExtraReplicas(NodeRuntime runtime, RingNode ring, NodeStore store, MemberCache members, FilesSettings settings) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.members = members;
        this.settings = settings;
        this.lastLook = runtime.uptime();
    }

    void round() {
        RingState state = ring.state();
        Duration now = runtime.uptime();
        if (state.status() != RingStatus.MEMBER || now.minus(lastLook).compareTo(EVERY) < 0) {
            return;
        }
        lastLook = now;
        List<RecordState> files = filesWithMoreCopies(state);
        if (files.isEmpty()) {
            return;
        }
        List<Peer> everybody = members.now();
        Map<Peer, List<RecordState>> byTarget = new LinkedHashMap<>();
        for (RecordState file : files) {
            List<Peer> holders = MemberCache.ownersOf(ChordId.parse(file.key()), everybody, file.copies().count());
            holders.stream().skip(settings.ownerSet()).forEach(peer ->
                    byTarget.computeIfAbsent(peer, first -> new ArrayList<>()).add(file));
        }
        byTarget.forEach(this::give);
    }

    private List<RecordState> filesWithMoreCopies(RingState state) {
        String from = state.range().from().toString();
        String to = state.range().to().toString();
        List<RecordState> found = new ArrayList<>();
        @Nullable String after = null;
        List<RecordState> page;
        do {
            page = store.records().range(from, to, after, Page.MAX_ENTRIES);
            page.stream().filter(record -> !record.deleted() && !record.copies().all()
                    && record.copies().count() > settings.ownerSet()).forEach(found::add);
            after = page.isEmpty() ? null : page.getLast().key();
        } while (page.size() == Page.MAX_ENTRIES);
        return found;
    }

    private void give(Peer target, List<RecordState> files) {
        try {
            for (int from = 0; from < files.size(); from += AskStates.MAX_KEYS) {
                List<RecordState> batch = files.subList(from, Math.min(files.size(), from + AskStates.MAX_KEYS));
                AskStates question = new AskStates(batch.stream().map(RecordState::key).toList());
                List<ReplicaState> there = question.statesIn(runtime.call(target, question));
                for (int i = 0; i < batch.size(); i++) {
                    giveOne(target, batch.get(i), there.get(i));
                }
            }
        } catch (PeerException e) {
            log.debug("{} gets its copies at the next round: {}", target, e.getMessage());
        }
    }

    private void giveOne(Peer target, RecordState file, ReplicaState there) throws PeerException {
        boolean has = there.complete() && there.version().equals(file.version());
        if (!has && !there.version().isNewerThan(file.version())) {
            Optional<FileRecord> record = store.records().get(file.key());
            if (record.isPresent()) {
                runtime.call(target, new WriteRecord(record.get(), true, null));
            }
        }
    }
}
