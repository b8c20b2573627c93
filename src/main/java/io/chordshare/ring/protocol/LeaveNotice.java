package io.chordshare.ring.protocol;

import io.chordshare.runtime.Peer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A truthful notice of one's own death: the node is gone for the ring as soon as this is heard.
 *
 * @param leaver      who goes; older incarnations are gone with it, a newer one is not
 * @param predecessor the node before it, for its successor to rectify with; null when unknown
 * @param forGood     true after a hand-over; false when it is only switched off and its data stays for its return
 */
public record LeaveNotice(Peer leaver, @Nullable Peer predecessor, boolean forGood) implements News {

    public LeaveNotice {
        Objects.requireNonNull(leaver, "leaver");
    }
}
