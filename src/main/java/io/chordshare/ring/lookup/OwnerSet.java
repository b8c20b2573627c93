package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Quorum;
import java.util.List;

/**
 * Who answers for a key: its owner and the nodes after it.
 *
 * @param key       the key
 * @param members   the owner first; fewer than asked for in a smaller ring
 * @param confirmed whether the owner itself said that the key is its own: needed to write
 */
public record OwnerSet(ChordId key, List<Peer> members, boolean confirmed) {

    public OwnerSet {
        members = List.copyOf(members);
    }

    public Peer owner() {
        return members.getFirst();
    }

    /** How many of them are a majority. */
    public int majority() {
        return Quorum.majorityOf(members.size());
    }
}
