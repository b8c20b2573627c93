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

/** How this node goes: it tells the truth about its own death, the neighbours first. */
public final class Departure {

    private static final Logger log = LoggerFactory.getLogger(Departure.class);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final ExclusiveQuery questions;
    private final Broadcast broadcast;
    private final PersistentIdentity identities;
    private final KnownPeers contacts;
    private final RingIds names;
    private volatile boolean switchedOff;

    public Departure(ThisNode node, Membership membership, ExclusiveQuery questions, Broadcast broadcast) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.questions = questions;
        this.broadcast = broadcast;
        this.identities = membership.identity();
        this.contacts = membership.known();
        this.names = membership.ringIds();
    }

    /** Whether everybody was told that this process ends: then it must not be seen at work again. */
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
        steps.runAndWait("depart", () -> {
            questions.setGoing(true);
            try {
                departNow(forGood);
            } finally {
                // a node that is switched off may go on answering for seconds
                questions.setGoing(!forGood);
            }
        });
    }

    private void departNow(boolean forGood) {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        LeaveNotice farewell = new LeaveNotice(state.self(), state.predecessor(), forGood);
        List<PeerCall<Done>> calls = new ArrayList<>();
        for (Peer neighbour : state.neighbours()) {
            // an empty part of the ring: it is for them alone
            calls.add(() -> runtime.call(neighbour, new BroadcastRequest(farewell, neighbour.id().plusPowerOfTwo(0))));
        }
        switchedOff = !forGood;
        runtime.gather(calls);
        broadcast.spread(farewell, state.self().id());
        if (forGood) {
            List<Peer> knew = new ArrayList<>(state.neighbours());
            knew.addAll(contacts.all());
            ChordId own = ChordId.random(runtime.random());
            names.enter(List.of(own.toString()));
            // everybody holds this incarnation for gone: under the next one it can join again at once
            Peer self = cell.get().self().next();
            identities.left(RingState.alone(self, own.toString()), knew.stream().distinct().toList());
            cell.update(now -> RingState.alone(self, own.toString()));
            log.info("{} left ring {} and is a ring of one", state.self(), state.ringId());
        }
    }
}
