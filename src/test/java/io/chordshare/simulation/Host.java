package io.chordshare.simulation;

import org.jspecify.annotations.Nullable;

/** A machine with an address and a clock. It outlives its processes. */
final class Host {

    final String address;
    final NodeClock clock = new NodeClock();
    /** The process that listens here, or the last one that did. */
    @Nullable SimulatedNode process;
    boolean powered = true;
    int starts;

    Host(String address) {
        this.address = address;
    }

    boolean listens() {
        return process != null && process.isUp();
    }
}
