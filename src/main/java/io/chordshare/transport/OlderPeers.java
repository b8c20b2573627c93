package io.chordshare.transport;

import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Nodes of an older version, which take messages one by one. A node may be restarted with a newer version any time. */
final class OlderPeers {

    private static final int MAX_PEERS = 1024;
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final BoundedMap<Peer, Long> since = BoundedMap.byUse(MAX_PEERS);

    /** The node answers, but does not know batches. */
    static final class TakesNoBatches extends Exception {

        private static final long serialVersionUID = 1L;

        TakesNoBatches() {
            super("an older version takes messages one by one");
        }
    }

    /** @param nanos a monotonic clock */
    OlderPeers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized void add(Peer peer) {
        since.put(peer, nanos.getAsLong());
    }

    synchronized boolean contains(Peer peer) {
        Long at = since.get(peer);
        return at != null && nanos.getAsLong() - at <= ASKED_AGAIN_AFTER.toNanos();
    }
}
