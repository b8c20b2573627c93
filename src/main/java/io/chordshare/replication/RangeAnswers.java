package io.chordshare.replication;

import io.chordshare.id.RingInterval;
import io.chordshare.replication.ReplicaRequest.Compare;
import io.chordshare.replication.ReplicaRequest.Compared;
import io.chordshare.replication.ReplicaRequest.KeyVersion;
import io.chordshare.replication.ReplicaRequest.Page;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The member's side of a comparison with the owner of a range. */
public final class RangeAnswers {

    private final NodeStore store;
    private final CaughtUpRanges coverage;

    RangeAnswers(NodeStore store, CaughtUpRanges coverage) {
        this.store = store;
        this.coverage = coverage;
    }

    Compared answer(Compare message) {
        String from = message.from().toString();
        String to = message.to().toString();
        Page page = message.page();
        if (page != null) {
            return compare(from, to, page);
        }
        boolean same = store.records().digest(from, to).equals(message.digest());
        if (same && message.confirm()) {
            coverage.confirm(new RingInterval(message.from(), message.to()));
        }
        return new Compared(same, pending(store, from, to, message.rank(), message.wantBytes()), List.of(), List.of());
    }

    private Compared compare(String from, String to, Page page) {
        Map<String, Version> mine = new LinkedHashMap<>();
        String after = page.after();
        String upTo = page.upTo();
        // as many as the owner named and a page more: what is beyond comes when the owner has taken those over
        int limit = page.versions().size() + Page.MAX_ENTRIES;
        String end = upTo == null ? to : upTo;
        for (RecordState state : store.records().range(from, end, after, limit)) {
            mine.put(state.key(), state.version());
        }
        List<KeyVersion> newer = new ArrayList<>();
        List<KeyVersion> older = new ArrayList<>();
        for (KeyVersion owners : page.versions()) {
            Version own = mine.remove(owners.key());
            if (own == null || owners.version().isNewerThan(own)) {
                older.add(owners);
            } else if (own.isNewerThan(owners.version())) {
                newer.add(new KeyVersion(owners.key(), own));
            }
        }
        mine.forEach((key, version) -> newer.add(new KeyVersion(key, version)));
        return new Compared(false, 0, newer, older);
    }

    /** Marks the bytes that belong at {@code rank}, room permitting, and counts those that are not here yet. */
    static long pending(NodeStore store, String from, String to, int rank, boolean wantBytes) {
        long pending = 0;
        boolean mark = wantBytes && store.hasRoomForRepair();
        @Nullable String after = null;
        List<RecordState> states;
        do {
            states = store.records().range(from, to, after, Page.MAX_ENTRIES);
            List<String> newlyWanted = new ArrayList<>();
            for (RecordState state : states) {
                if (!state.deleted() && state.copies().wantedAt(rank) && !state.complete()) {
                    pending++;
                    if (mark && !state.wanted()) {
                        newlyWanted.add(state.key());
                    }
                }
                after = state.key();
            }
            if (!newlyWanted.isEmpty()) {
                store.records().wantAll(newlyWanted);
            }
        } while (states.size() == Page.MAX_ENTRIES);
        return pending;
    }
}
