package io.chordshare.ring.protocol;

import io.chordshare.runtime.Peer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node's truthful notice of its own departure. From then on the node is gone for the ring.
 *
 * @param leaver      the node that leaves; older incarnations are gone with it, a newer one is not
 * @param predecessor the node before it, for its successor to rectify with; null when unknown
 * @param forGood     true after a hand-off; false when the node is only switched off and keeps its data for its return
 */
public record LeaveNotice(Peer leaver, @Nullable Peer predecessor, boolean forGood) implements News {

    public LeaveNotice {
        Objects.requireNonNull(leaver, "leaver");
    }
}
