package io.chordshare.ring;

import io.chordshare.ring.protocol.RingRequest;
import java.time.Duration;
import java.util.List;

/**
 * What a user may set of the ring.
 *
 * @param successors length of the successor list (r in the papers), at least 1
 * @param seeds      addresses to join through at the start; empty for a first node
 * @param repingAfter pause before a silent peer is pinged again
 * @param fingersPerRound slots of the finger table that are refreshed at a tick while they change
 */
public record RingSettings(int successors, List<String> seeds, Duration repingAfter, int fingersPerRound) {

    /** A silent peer is pinged again sooner than the usual period. */
    public static final Duration REPING_AFTER = Duration.ofMillis(150);

    /** About log2 N distinct fingers exist, so a ring of thousands is covered in three rounds. */
    public static final int FINGERS_PER_ROUND = 4;

    /** Peers take no longer list. log2 of a ring of 10,000 is 14. */
    public static final int MAX_SUCCESSORS = RingRequest.MAX_PEERS / 2;

    public RingSettings {
        if (successors < 1 || successors > MAX_SUCCESSORS) {
            throw new IllegalArgumentException("chordshare.ring.successors must be 1 to " + MAX_SUCCESSORS);
        }
        seeds = List.copyOf(seeds);
    }
}
