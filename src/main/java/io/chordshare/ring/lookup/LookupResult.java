package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.List;

/**
 * Where a key belongs.
 *
 * @param key         what was looked for
 * @param owner       the first node at or after it
 * @param predecessor the node before the owner: the key is between the two
 * @param successors  the nodes after the owner, as known to the last node that was asked
 * @param path        the nodes that were asked and answered, in order; empty when this node knew
 * @param asked       everybody that was asked, in order, also those that did not answer
 * @param confirmed   whether the owner itself said that the key is its own; otherwise it is the word of another node
 */
public record LookupResult(ChordId key, Peer owner, Peer predecessor, List<Peer> successors, List<Peer> path,
                           List<Asked> asked, boolean confirmed) {

    public LookupResult {
        successors = List.copyOf(successors);
        path = List.copyOf(path);
        asked = List.copyOf(asked);
    }

    /** One question of the lookup. @param took until the answer came, or until this node stopped waiting for it */
    public record Asked(Peer peer, boolean answered, Duration took) {}

    /** How many were asked and did not answer. */
    public int silent() {
        return (int) asked.stream().filter(question -> !question.answered()).count();
    }

    /** How many nodes answered on the way. */
    public int hops() {
        return path.size();
    }
}
