package io.chordshare.ring;

import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.join.Departure;
import io.chordshare.ring.lookup.FixFingers;
import io.chordshare.ring.lookup.RingWalk;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.stabilize.Recovery;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeriodicTask;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The background work of a node, ticked from outside: each tick only starts work, which guards itself against overlap. */
public final class Maintenance {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    private static final Duration AGAIN_AFTER = Duration.ofMillis(250);
    /** After a change others follow within moments; looking at each would cost more than the changes themselves. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(8);
    /** Until the ring has stood still for a while ... */
    private static final Duration LOOK_AROUND_EVERY = Duration.ofSeconds(10);
    /** ... and then less often: everybody asks the same few nodes. */
    private static final Duration LOOK_AROUND_IN_PEACE_EVERY = Duration.ofSeconds(60);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final Recovery recovery;
    private final PersistentIdentity identities;
    private final RingWalk census;
    private final Departure exit;
    private final PeriodicTask fingerFixing;
    private final PeriodicTask pinging;
    private final PeriodicTask remembering;
    private final PeriodicTask merging;
    // only ever touched by the one run of remembering
    private @Nullable Remembered remembered;
    private List<Peer> seen = List.of();
    private Duration seenSince = Duration.ZERO;
    private @Nullable Duration changedSince;

    private record Remembered(List<Peer> neighbours, Duration at) {}

    Maintenance(NodeRuntime runtime, StateCell cell, StepQueue steps, Stabilization stabilization, Recovery recovery,
                PersistentIdentity identities, RingWalk census, Departure exit, FailureDetector detector, FixFingers fingers,
                RingUnification merge) {
        this.runtime = runtime;
        this.cell = cell;
        this.steps = steps;
        this.stabilization = stabilization;
        this.recovery = recovery;
        this.identities = identities;
        this.census = census;
        this.exit = exit;
        fingerFixing = new PeriodicTask("fix-fingers", runtime, fingers::round);
        pinging = new PeriodicTask("ping", runtime, detector::round);
        remembering = new PeriodicTask("remember", runtime, this::remember);
        merging = new PeriodicTask("merge", runtime, merge::round);
        detector.onDeath(this::bury);
    }

    /** Stabilises once, unless that already waits to be done. */
    void stabilizeTick() {
        if (exit.isSwitchedOff()) {
            return;
        }
        if (Recovery.isNeeded(cell.get())) {
            steps.submit("recover", recovery::step);
        } else {
            steps.submit("stabilise", this::stabilize);
        }
        remembering.tick();
        merging.tick();
    }

    /** While lists change the next step comes sooner: a ring that many join at once is in order within seconds. */
    private void stabilize() {
        if (stabilization.stabilize() && !exit.isSwitchedOff()) {
            steps.submitAfter(AGAIN_AFTER, "stabilise", this::stabilize);
        }
    }

    /** Refreshes some fingers, unless that is still under way. */
    void fixFingersTick() {
        fingerFixing.tick();
    }

    /** Pings the predecessor and the successors. */
    void pingTick() {
        pinging.tick();
    }

    private void bury(Peer dead) {
        // not queued: a step that waits for a slow peer must not keep a dead one in the list
        stabilization.forget(dead, DepartureCause.DEAD);
        steps.submit("closed-gap", () -> {
            stabilization.notifyFirstSuccessor();
            stabilize();
        });
    }

    /** Who the ring's electors are is looked at when the neighbours changed, and now and then. */
    private void remember() {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        Duration now = runtime.uptime();
        List<Peer> neighbours = PersistentIdentity.neighbours(state);
        Remembered last = remembered;
        identities.met(state);
        if (!neighbours.equals(seen)) {
            seen = neighbours;
            seenSince = now;
        }
        if (last != null && !isDue(last, now)) {
            return;
        }
        try {
            identities.remember(state, census.firstAfterZero(state, PersistentIdentity.MAX_ELECTORS));
            remembered = new Remembered(neighbours, now);
            changedSince = null;
        } catch (LookupFailedException e) {
            log.debug("the electors are looked at again at the next tick: {}", e.getMessage());
        }
    }

    private boolean isDue(Remembered last, Duration now) {
        Duration still = now.minus(seenSince);
        if (last.neighbours().equals(seen)) {
            boolean peace = still.compareTo(LOOK_AROUND_IN_PEACE_EVERY) > 0;
            return now.minus(last.at()).compareTo(peace ? LOOK_AROUND_IN_PEACE_EVERY : LOOK_AROUND_EVERY) > 0;
        }
        if (changedSince == null) {
            changedSince = now;
        }
        // where one change follows the other for long, it is looked at in between
        return still.compareTo(SETTLES_WITHIN) > 0 || now.minus(changedSince).compareTo(LOOK_AROUND_EVERY) > 0;
    }

    List<PeriodicTask> background() {
        return List.of(fingerFixing, pinging, remembering, merging);
    }
}
