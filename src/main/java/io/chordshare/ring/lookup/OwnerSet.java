package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Quorum;
import java.util.List;

/**
 * The nodes that answer for a key: its owner and the nodes after it.
 *
 * @param key       the key
 * @param members   the owner first; fewer than requested in a smaller ring
 * @param confirmed whether the owner itself confirmed; a write requires it
 */
public record OwnerSet(ChordId key, List<Peer> members, boolean confirmed) {

    public OwnerSet {
        members = List.copyOf(members);
    }

    public Peer owner() {
        return members.getFirst();
    }

    /** The size of a majority of the members. */
    public int majority() {
        return Quorum.majorityOf(members.size());
    }
}
