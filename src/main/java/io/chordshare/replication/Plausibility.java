package io.chordshare.replication;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.model.Version;

/** Tells versions that somebody can have written from those that were made up to leave the next writer no counter. */
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
