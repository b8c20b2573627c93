package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.BoundedMap;
import java.time.Duration;

/**
 * Peers that did not answer recently. For a while, a lookup uses them only when no other peer is left. Bounded: the
 * oldest entry is dropped first.
 */
final class AvoidedPeers {

    private static final Duration AVOIDED_FOR = Duration.ofSeconds(10);
    private static final int MAX_AVOIDED = 256;

    private final BoundedMap<ChordId, Duration> until = BoundedMap.byAge(MAX_AVOIDED);

    synchronized void add(ChordId peer, Duration now) {
        until.put(peer, now.plus(AVOIDED_FOR));
    }

    synchronized void remove(ChordId peer) {
        until.remove(peer);
    }

    synchronized boolean contains(ChordId peer, Duration now) {
        Duration end = until.get(peer);
        if (end != null && end.compareTo(now) < 0) {
            until.remove(peer);
            return false;
        }
        return end != null;
    }
}
