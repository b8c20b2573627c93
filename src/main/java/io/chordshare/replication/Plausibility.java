package io.chordshare.replication;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.model.Version;

/**
 * Distinguishes versions that honest writers can have produced from forged ones that would leave no counter for the
 * next writer.
 */
public final class Plausibility {

    private final NodeRuntime runtime;

    Plausibility(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /** @param here what this node has of the same name */
    boolean explains(Version here, Version claimed) {
        return claimed.isExplainedBy(here, runtime.wallClock());
    }
}
