package io.chordshare.ring.stabilize;

import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.join.Departure;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.Peer;
import java.time.Duration;

/**
 * Decides at each tick whether this node stabilizes or looks for a successor, and closes the gap that a death leaves.
 */
public final class StabilizeTask {

    private static final Duration AGAIN_AFTER = Duration.ofMillis(250);

    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final Recovery recovery;
    private final Departure exit;

    public StabilizeTask(ThisNode node, Stabilization stabilization, Recovery recovery, Departure exit) {
        this.cell = node.cell();
        this.steps = node.steps();
        this.stabilization = stabilization;
        this.recovery = recovery;
        this.exit = exit;
    }

    /** Whether everybody was told that this process ends. */
    public boolean isOver() {
        return exit.isSwitchedOff();
    }

    /** Stabilises once, unless that already waits to be done. */
    public void tick() {
        if (exit.isSwitchedOff()) {
            return;
        }
        if (Recovery.isNeeded(cell.get())) {
            steps.submit("recover", recovery::step);
        } else {
            steps.submit("stabilise", this::stabilize);
        }
    }

    /** While lists change the next step comes sooner: a ring that many join at once is in order within seconds. */
    private void stabilize() {
        if (stabilization.stabilize() && !exit.isSwitchedOff()) {
            steps.submitAfter(AGAIN_AFTER, "stabilise", this::stabilize);
        }
    }

    public void removeDead(Peer dead) {
        // not queued: a step that waits for a slow peer must not keep a dead one in the list
        stabilization.forget(dead, DepartureCause.DEAD);
        steps.submit("closed-gap", () -> {
            stabilization.notifyFirstSuccessor();
            stabilize();
        });
    }
}
