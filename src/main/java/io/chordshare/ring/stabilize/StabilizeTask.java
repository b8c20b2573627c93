package io.chordshare.ring.stabilize;

import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.join.Departure;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.Peer;
import java.time.Duration;

/** Decides at each tick whether this node stabilizes or recovers, and closes the gap that a death leaves. */
public final class StabilizeTask {

    private static final Duration AGAIN_AFTER = Duration.ofMillis(250);

    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final Recovery recovery;
    private final Departure departure;

    public StabilizeTask(ThisNode node, Stabilization stabilization, Recovery recovery, Departure departure) {
        this.cell = node.cell();
        this.steps = node.steps();
        this.stabilization = stabilization;
        this.recovery = recovery;
        this.departure = departure;
    }

    /** Whether all nodes were told that this process ends. */
    public boolean isOver() {
        return departure.isSwitchedOff();
    }

    /** Stabilizes once, unless a run is already queued. */
    public void tick() {
        if (departure.isSwitchedOff()) {
            return;
        }
        if (Recovery.isNeeded(cell.get())) {
            steps.submit("recover", recovery::step);
        } else {
            steps.submit("stabilize", this::stabilize);
        }
    }

    /**
     * While lists change, the next step comes sooner: so a ring with many simultaneous joins is in order within
     * seconds.
     */
    private void stabilize() {
        if (stabilization.stabilize() && !departure.isSwitchedOff()) {
            steps.submitAfter(AGAIN_AFTER, "stabilize", this::stabilize);
        }
    }

    public void removeDead(Peer dead) {
        // not queued: a step that waits for a slow peer must not keep a dead node in the list
        stabilization.forget(dead, DepartureCause.DEAD);
        steps.submit("closed-gap", () -> {
            stabilization.notifyFirstSuccessor();
            stabilize();
        });
    }
}
