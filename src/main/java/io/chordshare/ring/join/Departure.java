package io.chordshare.ring.join;

import io.chordshare.id.ChordId;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.ExclusiveQuery;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingRequest.Done;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this node leaves: it tells its neighbours first, then all nodes. */
public final class Departure {

    private static final Logger log = LoggerFactory.getLogger(Departure.class);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final ExclusiveQuery exclusiveQuery;
    private final Broadcast broadcast;
    private final PersistentIdentity persistentIdentity;
    private final KnownPeers knownPeers;
    private final RingIds ringIds;
    private volatile boolean switchedOff;

    public Departure(ThisNode node, Membership membership, ExclusiveQuery exclusiveQuery, Broadcast broadcast) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.exclusiveQuery = exclusiveQuery;
        this.broadcast = broadcast;
        this.persistentIdentity = membership.identity();
        this.knownPeers = membership.known();
        this.ringIds = membership.ringIds();
    }

    /** Whether all nodes were told that this process ends. After that, it must not be seen at work. */
    public boolean isSwitchedOff() {
        return switchedOff;
    }

    public void setLeaving(boolean leaving) {
        cell.update(state -> switch (state.status()) {
            case MEMBER -> leaving ? state.withStatus(RingStatus.LEAVING) : state;
            case LEAVING -> leaving ? state : state.withStatus(RingStatus.MEMBER);
            case JOINING, ALONE, ISOLATED -> state;
        });
    }

    public void depart(boolean forGood) {
        depart(forGood, false);
    }

    /** For good, and under another id from then on. */
    public void departAsNewNode() {
        depart(true, true);
    }

    private void depart(boolean forGood, boolean asNewNode) {
        steps.runAndWait("depart", () -> {
            exclusiveQuery.setLeaving(true);
            try {
                departNow(forGood, asNewNode);
            } finally {
                // a node that is switched off may answer for some more seconds
                exclusiveQuery.setLeaving(!forGood);
            }
        });
    }

    private void departNow(boolean forGood, boolean asNewNode) {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        LeaveNotice notice = new LeaveNotice(state.self(), state.predecessor(), forGood);
        List<PeerCall<Done>> calls = new ArrayList<>();
        for (Peer neighbour : state.neighbours()) {
            // an empty part of the ring, so that only the neighbour gets the notice
            calls.add(() -> runtime.call(neighbour, new BroadcastRequest(notice, neighbour.id().plusPowerOfTwo(0))));
        }
        switchedOff = !forGood;
        runtime.gather(calls);
        broadcast.send(notice, state.self().id());
        if (forGood) {
            List<Peer> knew = new ArrayList<>(state.neighbours());
            knew.addAll(knownPeers.all());
            String own = ringIds.newId(ChordId.random(runtime.random()));
            ringIds.enter(List.of(own));
            // all nodes take this incarnation for gone; under the next one this node can join again immediately
            Peer before = cell.get().self();
            Peer self = asNewNode ? new Peer(ChordId.random(runtime.random()), before.address(), 1) : before.next();
            persistentIdentity.left(RingState.alone(self, own), knew.stream().distinct().toList());
            cell.update(now -> RingState.alone(self, own));
            log.info("{} left ring {} and is a ring of one", state.self(), state.ringId());
        }
    }
}
