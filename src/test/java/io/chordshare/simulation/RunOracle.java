package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.protocol.RingRequest.Join;
import io.chordshare.ring.protocol.RingRequest.JoinAnswer;
import io.chordshare.ring.protocol.RingRequest.JoinVerdict;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Observes a whole run: checks the invariants after every change of a pointer, and fails the run at a breach. */
final class RunOracle implements Observer {

    /** The invariants that hold in every run, because a node alone can keep them. */
    static final Set<Invariant> ALWAYS = EnumSet.of(Invariant.NO_DUPLICATES, Invariant.RING_ORDER);

    private final Simulation world;
    private final String ringId;
    private final RingWatch watch;
    private Set<Invariant> demanded;
    private boolean detectorWasWrong;
    private boolean enoughPrincipals;

    private RunOracle(Simulation world, String ringId, Set<Invariant> demanded) {
        this.world = world;
        this.ringId = ringId;
        this.demanded = demanded;
        this.watch = new RingWatch(ringId, world.successors(), this::raise);
    }

    /** Watches the ring of {@code founder} from now on. */
    static RunOracle watch(Simulation world, SimulatedNode founder, Set<Invariant> demanded) {
        RunOracle oracle = new RunOracle(world, founder.state().ringId(), EnumSet.noneOf(Invariant.class));
        // while the nodes are added one by one, they are not a ring yet
        world.up().forEach(node -> oracle.watch.changed(node.state()));
        oracle.demanded = demanded;
        world.observe(oracle);
        oracle.checkEverySecond();
        return oracle;
    }

    RingWatch ring() {
        return watch;
    }

    String ringId() {
        return ringId;
    }

    /** A live node was declared dead, so the assumption about the failure detector does not hold in this run. */
    boolean detectorWasWrong() {
        return detectorWasWrong;
    }

    private void raise(Breach breach) {
        if (ALWAYS.contains(breach.invariant())) {
            throw new InvariantBroken(breach);
        }
        if (demanded.contains(breach.invariant())) {
            // a node that removes a live one reports that right afterwards; then the detector is wrong, and it is no
            // breach
            world.after(Duration.ZERO, () -> {
                if (demanded.contains(breach.invariant())) {
                    throw new InvariantBroken(breach);
                }
            });
        }
    }

    private void checkEverySecond() {
        world.after(SimulatedNode.PERIOD, () -> {
            checkInFull();
            checkEverySecond();
        });
    }

    private void checkInFull() {
        LiveRing ring = LiveRing.of(ringId, world.up().stream().map(SimulatedNode::state).toList());
        int needed = enoughPrincipals && demanded.contains(Invariant.PRINCIPALS) ? world.successors() + 1 : 0;
        RingInvariants.check(ring, needed).forEach(this::raise);
        enoughPrincipals |= AllowedFailures.principals(watch).size() > world.successors();
    }

    @Override
    public void changed(SimulatedNode node, RingState before, RingState after) {
        if (node.isUp()) {
            if (!before.self().id().equals(after.self().id())) {
                // before its join, a node has no id of its own
                watch.down(before.self().id());
            }
            watch.changed(after);
            if (LiveRing.isMember(before, ringId) && !LiveRing.isMember(after, ringId)) {
                oneLess();
            }
        }
    }

    @Override
    public void ended(SimulatedNode node) {
        watch.down(node.self().id());
        oneLess();
    }

    /** The node is about to send its leave notice. */
    void leaves(SimulatedNode node) {
        watch.leaves(node.self().id());
        oneLess();
    }

    /** A failure in a ring too small for r + 1 principals may leave fewer principals. */
    private void oneLess() {
        enoughPrincipals &= AllowedFailures.principals(watch).size() > world.successors();
    }

    @Override
    public void gave(SimulatedNode node, Peer peer, DepartureCause how) {
        if (how == DepartureCause.DEAD && watch.isTheLivingOne(peer) && !watch.isLeaving(peer.id())) {
            detectorWasWrong = true;
            demanded = ALWAYS;
        }
    }

    @Override
    public void answered(PendingAnswer answer) {
        if (!answer.asker().isUp()) {
            return;
        }
        switch (answer.answer()) {
            case Neighbours told when !told.busy() ->
                    watch.answered(answer.asker().self().id(), answer, told.self(), told.successors());
            case JoinAnswer told when told.verdict() == JoinVerdict.ADMITTED && !told.successors().isEmpty() ->
                    watch.answered(joiner(answer), answer, told.successors().getFirst(),
                            told.successors().subList(1, told.successors().size()));
            default -> {
                // nothing that could be adopted
            }
        }
    }

    @Override
    public void settled(PendingAnswer answer) {
        watch.settled(answer.request() instanceof Join ? joiner(answer) : answer.asker().self().id(), answer);
    }

    private static ChordId joiner(PendingAnswer answer) {
        return answer.request() instanceof Join(Peer joiner) ? joiner.id() : answer.asker().self().id();
    }

    /** The wrong pointers of {@code expected}, which must be one ring by now; empty when all are right. */
    List<String> problems(List<SimulatedNode> expected, boolean fingersToo) {
        List<String> outside = expected.stream().filter(node -> !LiveRing.isMember(node.state(), ringId))
                .map(node -> "not in the ring: " + RingInvariants.shown(node.state()) + " " + node.state().ringId())
                .toList();
        if (!outside.isEmpty()) {
            return outside;
        }
        LiveRing ring = new LiveRing(expected.stream().map(SimulatedNode::state).toList());
        RingError error = RingError.of(ring, world.successors());
        boolean right = (fingersToo ? error.total() : error.ofNeighbours()) == 0;
        return right ? List.of() : error.examples();
    }
}
