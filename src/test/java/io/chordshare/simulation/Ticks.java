package io.chordshare.simulation;

import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.simulation.EventLog.Kind;
import java.util.ArrayList;
import java.util.List;

/** Ticks the background work of a node, as {@code RingMaintenance} does in production. */
final class Ticks {

    private final SimulatedNode node;
    private final Pace pace;
    private boolean stopped;

    Ticks(SimulatedNode node, Pace pace) {
        this.node = node;
        this.pace = pace;
    }

    /** @param longRunning whether the first ticks come at random moments of a period */
    void start(boolean longRunning) {
        RingNode ring = node.node();
        List<Runnable> ticks = new ArrayList<>(pace.pings()
                ? List.of(ring::stabilizeTick, ring::fixFingersTick, ring::pingTick)
                : List.of(ring::stabilizeTick, ring::fixFingersTick));
        node.attachment().ifPresent(above -> ticks.add(above::tick));
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
        // with jitter, so that nodes do not stay in step
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

    /** Background work survives its bugs, as it must in production. A simulation must fail instead. */
    private void failOnSwallowedBugs() {
        StepQueue.Progress steps = node.node().inspection().steps();
        if (steps.failed() > 0) {
            node.kernel().fail(new AssertionError(node + ": a step failed: " + steps.lastError()));
        }
        List<PeriodicTask> background = new ArrayList<>(node.node().inspection().background());
        node.attachment().ifPresent(above -> background.addAll(above.background()));
        for (PeriodicTask work : background) {
            if (work.bugs() > 0) {
                node.kernel().fail(new AssertionError(
                        node + ": " + work.name() + " failed: " + work.progress().lastError()));
            }
        }
    }
}
