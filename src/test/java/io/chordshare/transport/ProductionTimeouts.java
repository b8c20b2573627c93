package io.chordshare.transport;

import io.chordshare.runtime.Request;
import java.time.Duration;

/** Gives the simulator the production timeouts, so that the two cannot diverge. */
public final class ProductionTimeouts {

    private ProductionTimeouts() {}

    /** The limit for the whole exchange. */
    public static Duration of(Request<?> request) {
        return PeerTimeouts.of(request).limit();
    }

    /** The limit for the question who is at an address. */
    public static Duration ofIdentify() {
        return PeerTimeouts.RECORD.limit();
    }
}
