package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which nodes have proved that they are at their address. Addresses come in messages, so anyone can name one: until the
 * node has answered there to who it is, nothing else is sent there. A failure, or a long silence, makes the node prove
 * it again.
 */
public final class Handshakes {

    /** More nodes than a node talks to again and again; the longest unused one is dropped first. */
    private static final int MAX_PROVEN = 1024;
    /** Neighbours talk every second. Whom a node has not talked to for this long may have given up its address. */
    private static final Duration PROVEN_FOR = Duration.ofMinutes(1);

    private record Place(ChordId id, String address) {}

    private final LongSupplier nanos;
    private final BoundedMap<Place, Long> heardAt = BoundedMap.byUse(MAX_PROVEN);

    /** @param nanos a clock that never goes back */
    Handshakes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized boolean isProven(Peer peer) {
        Long at = heardAt.get(place(peer));
        return at != null && nanos.getAsLong() - at <= PROVEN_FOR.toNanos();
    }

    /** This very node answered at its address. */
    synchronized void heard(Peer peer) {
        heardAt.put(place(peer), nanos.getAsLong());
    }

    /** Nobody answered, or somebody else. */
    synchronized void lost(Peer peer) {
        heardAt.remove(place(peer));
    }

    private static Place place(Peer peer) {
        return new Place(peer.id(), peer.address());
    }
}
