package io.chordshare.ring;

import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.FixFingers;
import io.chordshare.ring.membership.ElectorWatch;
import io.chordshare.ring.stabilize.PartitionDetector;
import io.chordshare.ring.stabilize.StabilizeTask;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeriodicTask;
import java.util.List;

/**
 * The background work of a node. A scheduler outside calls the ticks. A tick only starts work, and a run that is still
 * under way is not started again.
 */
final class Maintenance {

    private final StabilizeTask stabilize;
    private final PeriodicTask fixFingers;
    private final PeriodicTask ping;
    private final PeriodicTask remember;
    private final PeriodicTask merge;

    Maintenance(NodeRuntime runtime, StabilizeTask stabilize, FixFingers fingers, FailureDetector detector,
            ElectorWatch electors, PartitionDetector partitions) {
        this.stabilize = stabilize;
        fixFingers = new PeriodicTask("fix-fingers", runtime, fingers::round);
        ping = new PeriodicTask("ping", runtime, detector::round);
        remember = new PeriodicTask("remember", runtime, electors::round);
        merge = new PeriodicTask("merge", runtime, partitions::round);
        detector.onDeath(stabilize::removeDead);
    }

    void stabilizeTick() {
        if (!stabilize.isOver()) {
            stabilize.tick();
            remember.tick();
            merge.tick();
        }
    }

    /** Refreshes some fingers, unless a refresh is still running. */
    void fixFingersTick() {
        fixFingers.tick();
    }

    /** Pings the predecessor and the successors. */
    void pingTick() {
        ping.tick();
    }

    List<PeriodicTask> background() {
        return List.of(fixFingers, ping, remember, merge);
    }
}
