package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The nodes that have proved their address. Addresses come in messages, so anyone can forge one. Before anything else,
 * the node at an address must answer with its id. After a failure or a long silence, it must prove the address again.
 */
final class Handshakes {

    /** More nodes than a node talks to regularly. The entry unused for longest is dropped first. */
    private static final int MAX_PROVEN = 1024;
    /** Neighbours talk every second. After this silence, a node may have lost its address. */
    private static final Duration PROVEN_FOR = Duration.ofMinutes(1);

    private record Place(ChordId id, String address) {}

    private final LongSupplier nanos;
    private final BoundedMap<Place, Long> heardAt = BoundedMap.byUse(MAX_PROVEN);

    /** @param nanos a monotonic clock */
    Handshakes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized boolean isProven(Peer peer) {
        Long at = heardAt.get(place(peer));
        return at != null && nanos.getAsLong() - at <= PROVEN_FOR.toNanos();
    }

    /** This node itself answered at its address. */
    synchronized void heard(Peer peer) {
        heardAt.put(place(peer), nanos.getAsLong());
    }

    /** No node answered, or another one did. */
    synchronized void lost(Peer peer) {
        heardAt.remove(place(peer));
    }

    private static Place place(Peer peer) {
        return new Place(peer.id(), peer.address());
    }
}
