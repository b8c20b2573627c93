package io.chordshare.ring.protocol;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.util.List;

/** The owner of a key could not be found, because the ring is being repaired. A retry in a moment can succeed. */
public final class LookupFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Peer> path;

    public LookupFailedException(ChordId key, String why, List<Peer> path) {
        super("the owner of key " + key + " was not found: " + why);
        this.path = List.copyOf(path);
    }

    /** The nodes that answered on the way. */
    public List<Peer> path() {
        return path;
    }
}
