package io.chordshare.simulation;

import io.chordshare.ring.RingNode;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.simulation.EventLog.Kind;
import java.util.List;

/** The clock of a node's background work, as {@code RingMaintenance} is in production. */
final class Ticks {

    private final SimulatedNode node;
    private final Pace pace;
    private boolean stopped;

    Ticks(SimulatedNode node, Pace pace) {
        this.node = node;
        this.pace = pace;
    }

    /** @param longRunning the first ticks fall anywhere within a period */
    void start(boolean longRunning) {
        RingNode ring = node.node();
        List<Runnable> ticks = pace.pings() ? List.of(ring::stabilizeTick, ring::fixFingersTick, ring::pingTick)
                : List.of(ring::stabilizeTick, ring::fixFingersTick);
        for (Runnable tick : ticks) {
            if (longRunning) {
                node.later(pace.first(node.scheduling()), () -> tick(tick));
            } else {
                again(tick);
            }
        }
    }

    void stop() {
        stopped = true;
    }

    private void again(Runnable tick) {
        // jittered, so that nodes do not keep step
        node.later(pace.next(node.scheduling()), () -> tick(tick));
    }

    private void tick(Runnable tick) {
        if (stopped) {
            return;
        }
        node.note(Kind.TICKED, null);
        tick.run();
        failOnSwallowedBugs();
        again(tick);
    }

    /** Background work survives its bugs, as it must in production; a simulation must not. */
    private void failOnSwallowedBugs() {
        if (node.node().steps().failed() > 0) {
            node.kernel().fail(new AssertionError(node + ": a step failed: " + node.node().steps().lastError()));
        }
        for (PeriodicTask work : node.node().background()) {
            if (work.progress().failures() > 0) {
                node.kernel().fail(new AssertionError(
                        node + ": " + work.name() + " failed: " + work.progress().lastError()));
            }
        }
    }
}
