package io.chordshare.ring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Peers that did not answer lately: the last choice of a lookup, for a while. Bounded: the oldest is forgotten first. */
final class AvoidedPeers {

    private static final Duration AVOIDED_FOR = Duration.ofSeconds(10);
    private static final int MAX_AVOIDED = 256;

    private final Map<RingId, Duration> until = new LinkedHashMap<>();

    synchronized void add(RingId peer, Duration now) {
        until.put(peer, now.plus(AVOIDED_FOR));
        if (until.size() > MAX_AVOIDED) {
            until.remove(until.keySet().iterator().next());
        }
    }

    synchronized void remove(RingId peer) {
        until.remove(peer);
    }

    synchronized boolean contains(RingId peer, Duration now) {
        Duration end = until.get(peer);
        if (end != null && end.compareTo(now) < 0) {
            until.remove(peer);
            return false;
        }
        return end != null;
    }
}
