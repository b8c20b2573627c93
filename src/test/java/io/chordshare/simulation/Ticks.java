package io.chordshare.simulation;

import io.chordshare.ring.Background;
import io.chordshare.ring.RingNode;
import io.chordshare.simulation.EventLog.Kind;
import java.time.Duration;
import java.util.List;

/** The clock of a node's background work, as {@code RingMaintenance} is in production. */
final class Ticks {

    private final SimulatedNode node;
    private boolean stopped;

    Ticks(SimulatedNode node) {
        this.node = node;
    }

    /** @param longRunning the first ticks fall anywhere within a period */
    void start(boolean longRunning) {
        RingNode ring = node.node();
        for (Runnable tick : List.<Runnable>of(ring::stabilizeTick, ring::fixFingersTick, ring::pingTick)) {
            if (longRunning) {
                node.later(Duration.ofNanos(node.scheduling().nextLong(SimulatedNode.PERIOD.toNanos())), () -> tick(tick));
            } else {
                again(tick);
            }
        }
    }

    void stop() {
        stopped = true;
    }

    private void again(Runnable tick) {
        // jittered by a quarter, so that nodes do not keep step
        node.later(SimulatedNode.PERIOD.multipliedBy(75 + node.scheduling().nextInt(50)).dividedBy(100), () -> tick(tick));
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
        for (Background work : node.node().background()) {
            if (work.progress().failures() > 0) {
                node.kernel().fail(new AssertionError(
                        node + ": " + work.name() + " failed: " + work.progress().lastError()));
            }
        }
    }
}
