package io.chordshare.ring;

import io.chordshare.id.Slots;
import io.chordshare.ring.protocol.RingRequest;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the ring.
 *
 * @param successors length of the successor list (r in the papers), at least 1
 * @param seeds      addresses to join through at the start; empty for the first node of a ring
 * @param repingAfter pause before a silent peer is pinged again
 * @param fingersPerRound slots of the finger table that one tick refreshes while the table changes
 * @param slots      what a ring that this node founds is cut into
 */
public record RingSettings(int successors, List<String> seeds, Duration repingAfter, int fingersPerRound,
                           Slots slots) {

    /** Shorter than the usual ping period, so that a silent peer is decided soon. */
    public static final Duration REPING_AFTER = Duration.ofMillis(150);

    /** A table has about log2 N distinct fingers, so three rounds cover a ring of thousands. */
    public static final int FINGERS_PER_ROUND = 4;

    /** Peers accept no longer list. log2 of a ring of 10,000 is 14. */
    public static final int MAX_SUCCESSORS = RingRequest.MAX_PEERS / 2;

    /** A ring that this node founds has the usual number of slots. */
    public RingSettings(int successors, List<String> seeds, Duration repingAfter, int fingersPerRound) {
        this(successors, seeds, repingAfter, fingersPerRound, new Slots(Slots.DEFAULT_COUNT));
    }

    public RingSettings {
        if (successors < 1 || successors > MAX_SUCCESSORS) {
            throw new IllegalArgumentException("chordshare.ring.successors must be 1 to " + MAX_SUCCESSORS);
        }
        seeds = List.copyOf(seeds);
    }
}
