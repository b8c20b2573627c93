package io.chordshare.transport;

import io.chordshare.runtime.Request;
import java.time.Duration;

/** Lends the real time limits to the simulator, so that the two cannot drift apart. */
public final class ProductionTimeouts {

    private ProductionTimeouts() {}

    /** How long the whole exchange may take. */
    public static Duration of(Request<?> request) {
        return PeerTimeouts.of(request).limit();
    }

    /** How long one may take to say who it is. */
    public static Duration ofIdentify() {
        return PeerTimeouts.RECORD.limit();
    }
}
