package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The neighbours that a node suspects. Announces when a suspicion begins and ends. */
public final class Suspicions {

    /** Suspects that one ping carries. A node has few neighbours more than this. */
    static final int MAX_SUSPECTS = 8;

    private final StateCell cell;
    private final Map<ChordId, Suspicion> suspicions = new ConcurrentSkipListMap<>();

    Suspicions(StateCell cell) {
        this.cell = cell;
    }

    /** The suspects that the next ping carries. */
    public List<Suspect> suspects() {
        return suspicions.values().stream().limit(MAX_SUSPECTS).map(Suspicion::peer).map(Suspect::of).toList();
    }

    /** Suspects {@code peer} until it is heard or {@link FailureDetector#declareDead declared dead}. */
    Suspicion suspect(Peer peer) {
        Suspicion fresh = new Suspicion(peer);
        Suspicion before = suspicions.putIfAbsent(peer.id(), fresh);
        if (before == null) {
            cell.announceSuspected(peer, true);
        }
        return before == null ? fresh : before;
    }

    void clear(ChordId id) {
        Suspicion suspicion = suspicions.remove(id);
        if (suspicion != null) {
            cell.announceSuspected(suspicion.peer(), false);
        }
    }

    /** Clears the suspicions of all other peers. */
    void retain(List<Peer> neighbours) {
        suspicions.keySet().stream().filter(id -> neighbours.stream().noneMatch(peer -> peer.id().equals(id)))
                .forEach(this::clear);
    }

    Optional<Suspicion> find(ChordId id) {
        return Optional.ofNullable(suspicions.get(id));
    }

    boolean contains(ChordId id) {
        return suspicions.containsKey(id);
    }
}
