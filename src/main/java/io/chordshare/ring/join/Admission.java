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
 * The member's side of a join. It changes no pointer: the joiner becomes a successor by stabilizing, as every node
 * does. A member admits one joiner at a time between itself and its successor, so that simultaneous joiners choose
 * different arcs.
 */
public final class Admission {

    /** A joiner that is not in the ring by then has failed, and the next joiner may come. */
    private static final Duration WAIT_FOR_JOINER = Duration.ofSeconds(4);
    /** The joiner notifies its successor within moments, so this node stabilizes then instead of at its next tick. */
    private static final List<Duration> STABILIZE_AFTER =
            List.of(Duration.ofMillis(120), Duration.ofMillis(350), Duration.ofMillis(700));

    /** A joiner answers pings at once, whatever else it does. */
    public static final Duration CALL_BACK = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private record Admitted(Peer joiner, Duration at) {}

    /** A node claims to be {@code from}, at another address. */
    private record Moving(Peer from, Duration since) {}

    private final StateCell cell;
    private final ExclusiveQuery exclusiveQuery;
    private final NodeRuntime runtime;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final RingIds ringIds;
    private final FailureDetector detector;
    private @Nullable Admitted admitted;
    private @Nullable Moving moving;

    public Admission(StateCell cell, ExclusiveQuery exclusiveQuery, NodeRuntime runtime, StepQueue steps,
            Stabilization stabilization,
              RingIds ringIds, FailureDetector detector) {
        this.cell = cell;
        this.exclusiveQuery = exclusiveQuery;
        this.runtime = runtime;
        this.steps = steps;
        this.stabilization = stabilization;
        this.ringIds = ringIds;
        this.detector = detector;
    }

    /**
     * Decides whether {@code joiner} may come between this node and its successor. First calls the joiner at its
     * address: the others would soon declare a member dead that nobody can call.
     */
    public JoinAnswer answer(Peer joiner) {
        JoinVerdict refusal = refusal(joiner);
        if (refusal == null && !answersAtItsAddress(joiner)) {
            refusal = JoinVerdict.UNREACHABLE;
        }
        // the state may have changed during the call
        refusal = refusal == null ? refusal(joiner) : refusal;
        return refusal == null ? admit(joiner) : refuse(refusal);
    }

    private @Nullable JoinVerdict refusal(Peer joiner) {
        if (exclusiveQuery.busy()) {
            return JoinVerdict.BUSY;
        }
        RingState state = cell.get();
        Peer self = state.self();
        Peer successor = state.successor();
        if (joiner.sameNode(self)) {
            return JoinVerdict.TAKEN;
        }
        boolean returning = joiner.sameNode(successor);
        // the same process asks again because it lost our answer
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
            log.info("{} asks to join, but does not answer at its address: {}", joiner, e.getMessage());
            return false;
        }
    }

    private JoinAnswer admit(Peer joiner) {
        RingState state = cell.get();
        if (!reserve(joiner, state)) {
            return refuse(JoinVerdict.WAIT);
        }
        if (joiner.sameNode(state.successor())) {
            // the joiner is alive, so a death verdict on its previous process must not remove it
            cell.update(now -> now.withNewer(joiner));
        }
        STABILIZE_AFTER.forEach(delay -> steps.submitAfter(delay, "stabilize-after-join", () -> {
            if (cell.get().successors().stream().noneMatch(joiner::sameNode)) {
                stabilization.stabilize();
            }
        }));
        List<Peer> list = SuccessorList.without(state.successors(), joiner.id());
        return new JoinAnswer(JoinVerdict.ADMITTED, ringIds.all(), list.isEmpty() ? List.of(state.self()) : list);
    }

    /**
     * The node has moved, or its disk was copied: asks at the known address. After the known address is dropped, nobody
     * answers there.
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
