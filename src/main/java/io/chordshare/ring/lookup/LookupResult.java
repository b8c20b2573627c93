package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.List;

/**
 * The result of a lookup.
 *
 * @param key         the key
 * @param owner       the first node at or after the key
 * @param predecessor the node before the owner; the key lies between the two
 * @param successors  the nodes after the owner, as the last node that answered knows them
 * @param path        the nodes that answered, in order; empty when this node knew the owner
 * @param asked       all nodes that were asked, in order, including silent ones
 * @param confirmed   whether the owner itself confirmed; otherwise another node named it
 */
public record LookupResult(ChordId key, Peer owner, Peer predecessor, List<Peer> successors, List<Peer> path,
                           List<Asked> asked, boolean confirmed) {

    public LookupResult {
        successors = List.copyOf(successors);
        path = List.copyOf(path);
        asked = List.copyOf(asked);
    }

    /** One request of the lookup. @param took the time until the answer or the timeout */
    public record Asked(Peer peer, boolean answered, Duration took) {}

    /** The number of nodes that did not answer. */
    public int silent() {
        return (int) asked.stream().filter(question -> !question.answered()).count();
    }

    /** The number of nodes that answered on the way. */
    public int hops() {
        return path.size();
    }
}
