package io.chordshare.ring.join;

import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.ExclusiveQuery;
import io.chordshare.ring.protocol.RingRequest.JoinAnswer;
import io.chordshare.ring.protocol.RingRequest.JoinVerdict;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.SuccessorList;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member's side of a join. Changes nothing: the joiner becomes a successor by stabilising, like everybody. Between
 * a member and its successor one joiner is let in at a time, so that many that join at once draw different arcs.
 */
public final class Admission {

    /** A joiner that is not seen in the ring by then has failed, and the next may come. */
    private static final Duration WAIT_FOR_JOINER = Duration.ofSeconds(4);
    /** The joiner notifies its successor within moments: stabilise then, rather than at the next tick. */
    private static final List<Duration> STABILIZE_AFTER =
            List.of(Duration.ofMillis(120), Duration.ofMillis(350), Duration.ofMillis(700));

    /** The joiner waits for our answer, and answers a ping at once, whatever else it does. */
    public static final Duration CALL_BACK = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private record Admitted(Peer joiner, Duration at) {}

    /** Somebody says that it is {@code from}, at another address. */
    private record Moving(Peer from, Duration since) {}

    private final StateCell cell;
    private final ExclusiveQuery questions;
    private final NodeRuntime runtime;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final RingIds names;
    private final FailureDetector detector;
    private @Nullable Admitted admitted;
    private @Nullable Moving moving;

    public Admission(StateCell cell, ExclusiveQuery questions, NodeRuntime runtime, StepQueue steps,
            Stabilization stabilization,
              RingIds names, FailureDetector detector) {
        this.cell = cell;
        this.questions = questions;
        this.runtime = runtime;
        this.steps = steps;
        this.stabilization = stabilization;
        this.names = names;
        this.detector = detector;
    }

    /**
     * May {@code joiner} come between this node and its successor? Who may is called first at the address that it
     * gives: a member that nobody can call would be dead to all others a moment later.
     */
    public JoinAnswer answer(Peer joiner) {
        JoinVerdict refusal = refusal(joiner);
        if (refusal == null && !answersAtItsAddress(joiner)) {
            refusal = JoinVerdict.UNREACHABLE;
        }
        // everything may be different by now
        refusal = refusal == null ? refusal(joiner) : refusal;
        return refusal == null ? admit(joiner) : refuse(refusal);
    }

    private @Nullable JoinVerdict refusal(Peer joiner) {
        if (questions.busy()) {
            return JoinVerdict.BUSY;
        }
        RingState state = cell.get();
        Peer self = state.self();
        Peer successor = state.successor();
        if (joiner.sameNode(self)) {
            return JoinVerdict.TAKEN;
        }
        boolean returning = joiner.sameNode(successor);
        // the same process asks again when our answer was lost
        boolean again = joiner.equals(successor);
        if (returning && !again && joiner.incarnation() <= successor.incarnation()) {
            return JoinVerdict.TAKEN;
        }
        if (!returning && !RingInterval.between(self.id(), joiner.id(), successor.id())) {
            return JoinVerdict.ELSEWHERE;
        }
        if (returning && !joiner.address().equals(successor.address())) {
            return whileAtItsOldAddress(successor);
        }
        return isFree(joiner, state) ? null : JoinVerdict.WAIT;
    }

    private boolean answersAtItsAddress(Peer joiner) {
        try {
            Pong pong = runtime.call(joiner, new RingRequest.Ping(), CALL_BACK);
            return pong.self().equals(joiner);
        } catch (PeerException e) {
            log.info("{} asks to join, and cannot be called at its address: {}", joiner, e.getMessage());
            return false;
        }
    }

    private JoinAnswer admit(Peer joiner) {
        RingState state = cell.get();
        if (!reserve(joiner, state)) {
            return refuse(JoinVerdict.WAIT);
        }
        if (joiner.sameNode(state.successor())) {
            // it lives: the verdict on the process that it was before must not take its place away
            cell.update(now -> now.withNewer(joiner));
        }
        STABILIZE_AFTER.forEach(delay -> steps.submitAfter(delay, "stabilise-after-join", () -> {
            if (cell.get().successors().stream().noneMatch(joiner::sameNode)) {
                stabilization.stabilize();
            }
        }));
        List<Peer> list = SuccessorList.without(state.successors(), joiner.id());
        return new JoinAnswer(JoinVerdict.ADMITTED, names.all(), list.isEmpty() ? List.of(state.self()) : list);
    }

    /**
     * It has moved, or its disk was copied: who answers at the address that we know? Nobody, once it is forgotten
     * there.
     */
    private synchronized JoinVerdict whileAtItsOldAddress(Peer successor) {
        Moving before = moving;
        Duration now = runtime.uptime();
        if (before == null || !before.from().equals(successor)
                || now.minus(before.since()).compareTo(WAIT_FOR_JOINER) > 0) {
            moving = new Moving(successor, now);
            detector.watch(successor);
            return JoinVerdict.WAIT;
        }
        boolean livesThere = detector.hasHeard(successor.id(), before.since());
        return livesThere ? JoinVerdict.TAKEN : JoinVerdict.WAIT;
    }

    private synchronized boolean reserve(Peer joiner, RingState state) {
        boolean free = isFree(joiner, state);
        if (free) {
            admitted = new Admitted(joiner, runtime.uptime());
        }
        return free;
    }

    private synchronized boolean isFree(Peer joiner, RingState state) {
        Admitted before = admitted;
        return before == null
                || before.joiner().sameNode(joiner) && before.joiner().address().equals(joiner.address())
                || state.successors().stream().anyMatch(before.joiner()::sameNode)
                || runtime.uptime().minus(before.at()).compareTo(WAIT_FOR_JOINER) > 0;
    }

    private static JoinAnswer refuse(JoinVerdict verdict) {
        return new JoinAnswer(verdict, List.of(), List.of());
    }
}
