package io.chordshare.ring;

import io.chordshare.ring.RingRequest.JoinAnswer;
import io.chordshare.ring.RingRequest.JoinVerdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The member's side of a join. Changes nothing: the joiner becomes a successor by stabilising, like everybody. Between a
 * member and its successor one joiner is let in at a time, so that many that join at once draw different arcs.
 */
final class Admission {

    /** A joiner that is not seen in the ring by then has failed, and the next may come. */
    private static final Duration WAIT_FOR_JOINER = Duration.ofSeconds(4);
    /** The joiner notifies its successor within moments: stabilise then, rather than at the next tick. */
    private static final List<Duration> STABILIZE_AFTER =
            List.of(Duration.ofMillis(120), Duration.ofMillis(350), Duration.ofMillis(700));

    private record Admitted(Peer joiner, Duration at) {}

    /** Somebody says that it is {@code from}, at another address. */
    private record Moving(Peer from, Duration since) {}

    private final StateCell cell;
    private final Questions questions;
    private final NodeRuntime runtime;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final RingNames names;
    private final FailureDetector detector;
    private @Nullable Admitted admitted;
    private @Nullable Moving moving;

    Admission(StateCell cell, Questions questions, NodeRuntime runtime, StepQueue steps, Stabilization stabilization,
              RingNames names, FailureDetector detector) {
        this.cell = cell;
        this.questions = questions;
        this.runtime = runtime;
        this.steps = steps;
        this.stabilization = stabilization;
        this.names = names;
        this.detector = detector;
    }

    JoinAnswer answer(Peer joiner) {
        if (questions.busy()) {
            return refuse(JoinVerdict.BUSY);
        }
        RingState state = cell.get();
        Peer self = state.self();
        Peer successor = state.successor();
        if (joiner.sameNode(self)) {
            return refuse(JoinVerdict.TAKEN);
        }
        boolean returning = joiner.sameNode(successor);
        // the same process asks again when our answer was lost
        boolean again = joiner.equals(successor);
        if (returning && !again && joiner.incarnation() <= successor.incarnation()) {
            return refuse(JoinVerdict.TAKEN);
        }
        if (!returning && !RingInterval.between(self.id(), joiner.id(), successor.id())) {
            return refuse(JoinVerdict.ELSEWHERE);
        }
        if (returning && !joiner.address().equals(successor.address())) {
            return whileAtItsOldAddress(successor);
        }
        if (!reserve(joiner, state)) {
            return refuse(JoinVerdict.WAIT);
        }
        if (returning) {
            // it lives: the verdict on the process that it was before must not take its place away
            cell.update(now -> now.withNewer(joiner));
        }
        STABILIZE_AFTER.forEach(delay -> steps.submitAfter(delay, "stabilise-after-join", () -> {
            if (cell.get().successors().stream().noneMatch(joiner::sameNode)) {
                stabilization.stabilize();
            }
        }));
        List<Peer> list = SuccessorList.without(state.successors(), joiner.id());
        return new JoinAnswer(JoinVerdict.ADMITTED, names.all(), list.isEmpty() ? List.of(self) : list);
    }

    /** It has moved, or its disk was copied: who answers at the address that we know? Nobody, once it is forgotten there. */
    private synchronized JoinAnswer whileAtItsOldAddress(Peer successor) {
        Moving before = moving;
        Duration now = runtime.uptime();
        if (before == null || !before.from().equals(successor)
                || now.minus(before.since()).compareTo(WAIT_FOR_JOINER) > 0) {
            moving = new Moving(successor, now);
            detector.watch(successor);
            return refuse(JoinVerdict.WAIT);
        }
        boolean livesThere = detector.hasHeard(successor.id(), before.since());
        return refuse(livesThere ? JoinVerdict.TAKEN : JoinVerdict.WAIT);
    }

    private synchronized boolean reserve(Peer joiner, RingState state) {
        Admitted before = admitted;
        boolean free = before == null
                || before.joiner().sameNode(joiner) && before.joiner().address().equals(joiner.address())
                || state.successors().stream().anyMatch(before.joiner()::sameNode)
                || runtime.uptime().minus(before.at()).compareTo(WAIT_FOR_JOINER) > 0;
        if (free) {
            admitted = new Admitted(joiner, runtime.uptime());
        }
        return free;
    }

    private static JoinAnswer refuse(JoinVerdict verdict) {
        return new JoinAnswer(verdict, List.of(), List.of());
    }
}
