package io.chordshare.ring.join;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles leave notices. A notice with the incarnation that is known here counts immediately. Any other notice may be
 * forged: this node asks the leaver itself, and only its own answer counts.
 */
public final class LeaveNotices {

    private static final Logger log = LoggerFactory.getLogger(LeaveNotices.class);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final PersistentIdentity persistentIdentity;
    private final RingIds ringIds;
    /** Asks one node at most once at a time, however many notices name it. Only known nodes are asked. */
    private final Set<ChordId> asking = new ConcurrentSkipListSet<>();

    public LeaveNotices(ThisNode node, Membership membership, Stabilization stabilization, FailureDetector detector) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.stabilization = stabilization;
        this.detector = detector;
        this.persistentIdentity = membership.identity();
        this.ringIds = membership.ringIds();
    }

    /** @param forward tells the other nodes; not called for a notice that this node does not believe */
    public void handle(LeaveNotice notice, Runnable forward) {
        Peer leaver = notice.leaver();
        if (leaver.sameNode(cell.get().self())) {
            log.debug("a leave notice names this node itself; ignored");
            return;
        }
        Optional<Peer> known = known(leaver.id());
        if (known.isEmpty()) {
            // this node has no pointer to the leaver, but nodes further on may have one
            forward.run();
        } else if (known.get().incarnation() == leaver.incarnation()) {
            believe(known.get(), notice, forward);
        } else if (asking.add(leaver.id())) {
            runtime.start("leave-notice", () -> {
                try {
                    ask(known.get(), notice).ifPresent(gone -> believe(gone, notice, forward));
                } finally {
                    asking.remove(leaver.id());
                }
            });
        }
    }

    /** The newest claim for {@code id} among all peers that this node knows. */
    private Optional<Peer> known(ChordId id) {
        RingState state = cell.get();
        List<Peer> found = new ArrayList<>();
        detector.claim(id).ifPresent(found::add);
        List<Collection<Peer>> all = List.of(state.neighbours(), state.fingers().peers(),
                persistentIdentity.remembered());
        all.forEach(peers -> peers.stream().filter(peer -> peer.id().equals(id)).forEach(found::add));
        return found.stream().reduce(Peer::newest);
    }

    /**
     * The leaver's own claim that it is gone. Empty when it denies that or is silent: then the failure detector
     * decides.
     */
    private Optional<Peer> ask(Peer known, LeaveNotice notice) {
        Pong pong;
        try {
            pong = detector.ask(known, new Ping());
        } catch (PeerException e) {
            log.debug("{} is silent after a leave notice that it may not have sent", known);
            return Optional.empty();
        }
        Peer self = pong.self();
        boolean isElsewhere = pong.status().isMember() && !ringIds.knows(pong.ringIds());
        boolean said = self.incarnation() == notice.leaver().incarnation() || isElsewhere;
        if (!self.sameNode(known) || !said) {
            log.info("{} denies the leave notice of {}", known, notice.leaver());
            return Optional.empty();
        }
        return Optional.of(self);
    }

    private void believe(Peer gone, LeaveNotice notice, Runnable forward) {
        steps.submitForOthers("leave-notice:" + gone.id(), () -> removeDead(gone, notice));
        forward.run();
    }

    /**
     * A leave notice is a truthful notice of death: the pointers to the leaver go immediately. No node enters the list
     * unasked.
     */
    private void removeDead(Peer leaver, LeaveNotice notice) {
        RingState before = cell.get();
        boolean wasSuccessor = !before.successors().isEmpty() && before.successors().getFirst().sameNode(leaver);
        boolean wasPredecessor = before.predecessor() != null && before.predecessor().sameNode(leaver);
        DepartureCause how = notice.forGood() ? DepartureCause.LEFT : DepartureCause.SWITCHED_OFF;
        stabilization.forget(leaver, how);
        persistentIdentity.gone(leaver, how);
        Peer named = notice.predecessor();
        if (wasPredecessor && named != null) {
            // the named node is asked before it is adopted, like every other
            stabilization.rectify(named);
        }
        if (wasSuccessor) {
            stabilization.stabilize();
        }
    }
}
