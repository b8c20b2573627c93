package io.chordshare.ring.protocol;

import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import java.util.List;
import java.util.Objects;

/**
 * A person has merged two rings.
 *
 * @param ringIds the ids of both
 * @param contact a member of the other ring
 */
public record RingsMerged(List<String> ringIds, Peer contact) implements News {

    public RingsMerged {
        ringIds = Envelope.checkRingIds(ringIds);
        Objects.requireNonNull(contact, "contact");
    }
}
