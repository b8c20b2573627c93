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
 * What a node does when it hears that another is gone. A farewell that carries the incarnation that is known here
 * counts at once. Any other is a claim that anybody may have made up: the node that it names is asked, and only its own
 * word counts.
 */
public final class LeaveNotices {

    private static final Logger log = LoggerFactory.getLogger(LeaveNotices.class);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final PersistentIdentity identities;
    private final RingIds names;
    /** One question to a node at a time, however many say that it is gone. Only nodes that are known here are asked. */
    private final Set<ChordId> asking = new ConcurrentSkipListSet<>();

    public LeaveNotices(ThisNode node, Membership membership, Stabilization stabilization, FailureDetector detector) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.stabilization = stabilization;
        this.detector = detector;
        this.identities = membership.identity();
        this.names = membership.ringIds();
    }

    /** @param spreadOn tells the others; not called for what is not believed here */
    public void hear(LeaveNotice farewell, Runnable spreadOn) {
        Peer leaver = farewell.leaver();
        if (leaver.sameNode(cell.get().self())) {
            log.debug("somebody says that this node is gone");
            return;
        }
        Optional<Peer> known = known(leaver.id());
        if (known.isEmpty()) {
            // nothing here points to it, but somebody further on may know it
            spreadOn.run();
        } else if (known.get().incarnation() == leaver.incarnation()) {
            believe(known.get(), farewell, spreadOn);
        } else if (asking.add(leaver.id())) {
            runtime.start("farewell", () -> {
                try {
                    ask(known.get(), farewell).ifPresent(gone -> believe(gone, farewell, spreadOn));
                } finally {
                    asking.remove(leaver.id());
                }
            });
        }
    }

    /** The newest claim for this id among all whom this node knows. */
    private Optional<Peer> known(ChordId id) {
        RingState state = cell.get();
        List<Peer> found = new ArrayList<>();
        detector.claim(id).ifPresent(found::add);
        List<Collection<Peer>> all = List.of(state.neighbours(), state.fingers().peers(),
                identities.remembered());
        all.forEach(peers -> peers.stream().filter(peer -> peer.id().equals(id)).forEach(found::add));
        return found.stream().reduce(Peer::newest);
    }

    /** Who is gone, as it says itself. Empty when it says otherwise, or nothing: then the failure detector decides. */
    private Optional<Peer> ask(Peer known, LeaveNotice farewell) {
        Pong pong;
        try {
            pong = detector.ask(known, new Ping());
        } catch (PeerException e) {
            log.debug("{} is said to be gone, and is silent", known);
            return Optional.empty();
        }
        Peer self = pong.self();
        boolean isElsewhere = pong.status().isMember() && !names.knows(pong.ringIds());
        boolean said = self.incarnation() == farewell.leaver().incarnation() || isElsewhere;
        if (!self.sameNode(known) || !said) {
            log.info("{} is said to be gone as {}, and is not", known, farewell.leaver());
            return Optional.empty();
        }
        return Optional.of(self);
    }

    private void believe(Peer gone, LeaveNotice farewell, Runnable spreadOn) {
        steps.submitForOthers("farewell:" + gone.id(), () -> removeDead(gone, farewell));
        spreadOn.run();
    }

    /** Leave is a truthful notice of death: the pointers to the leaver go at once, and nothing is appended unasked. */
    private void removeDead(Peer leaver, LeaveNotice farewell) {
        RingState before = cell.get();
        boolean wasSuccessor = !before.successors().isEmpty() && before.successors().getFirst().sameNode(leaver);
        boolean wasPredecessor = before.predecessor() != null && before.predecessor().sameNode(leaver);
        DepartureCause how = farewell.forGood() ? DepartureCause.LEFT : DepartureCause.SWITCHED_OFF;
        stabilization.forget(leaver, how);
        identities.gone(leaver, how);
        Peer named = farewell.predecessor();
        if (wasPredecessor && named != null) {
            // it is asked before it is adopted, like any other
            stabilization.rectify(named);
        }
        if (wasSuccessor) {
            stabilization.stabilize();
        }
    }
}
