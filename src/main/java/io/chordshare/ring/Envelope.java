package io.chordshare.ring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every message between nodes carries besides its content. Addresses get reused, so an address alone proves nothing.
 *
 * @param to       the id of the node that is meant; null when only its address is known
 * @param ringIds the ids of the ring that the sender is in, see {@link RingNames}; empty while it is not a member of one
 */
public record Envelope(@Nullable RingId to, List<String> ringIds) {

    public Envelope {
        ringIds = RingNames.check(ringIds);
    }
}
