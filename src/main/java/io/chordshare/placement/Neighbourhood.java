package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the ring wants of the slots of this node: which it owns, and who their members should be. */
final class Neighbourhood {

    private static final Logger log = LoggerFactory.getLogger(Neighbourhood.class);

    /** A leaving node says so every second. */
    private static final Duration LEAVES_FOR = Duration.ofSeconds(10);
    /** More than all neighbours that a node can have at a time. */
    private static final int MAX_NOTED = 64;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final SlotTable table;
    private final Placement.Settings settings;
    private final BoundedMap<ChordId, Duration> leaving = BoundedMap.byAge(MAX_NOTED);
    private final BoundedMap<ChordId, Duration> absentSince = BoundedMap.byAge(MAX_NOTED);
    private volatile boolean selfLeaves;

    Neighbourhood(NodeRuntime runtime, RingNode ring, SlotTable table, Placement.Settings settings) {
        this.runtime = runtime;
        this.ring = ring;
        this.table = table;
        this.settings = settings;
    }

    RingState state() {
        return ring.state();
    }

    /** The slots that this node owns as the ring is now. */
    List<Integer> ownedSlots() {
        RingState state = ring.state();
        List<Integer> owned = new ArrayList<>();
        Slots slots = table.slots();
        for (int slot = 0; slot < table.count(); slot++) {
            if (state.range().contains(slots.start(slot))) {
                owned.add(slot);
            }
        }
        return owned;
    }

    /** A node says that another one leaves: that one is asked, since anybody can say so. */
    void noteLeaving(Peer node) throws PeerException {
        boolean leaves = Outcome.of(() -> runtime.call(newest(node), new RingRequest.Ping())).value()
                .filter(pong -> pong.status() == RingStatus.LEAVING).isPresent();
        if (!leaves) {
            throw new PeerException(PeerException.Reason.REFUSED, "that node does not say that it leaves");
        }
        synchronized (leaving) {
            leaving.put(node.id(), runtime.uptime());
        }
    }

    /** From now on this node wants to be a member of no view. */
    void leave() {
        selfLeaves = true;
    }

    boolean isSelfLeaving() {
        return selfLeaves;
    }

    /** This node wants to be a member again. */
    void stay() {
        selfLeaves = false;
    }

    /** The members that a slot of this node should have. */
    List<Peer> target(View present) {
        List<Peer> stay = staying();
        if (stay.isEmpty()) {
            return present.members();
        }
        List<Peer> target = Targets.of(stay, present.members(), settings.members(), this::keepsItsPlace);
        return target.stream().map(this::newest).toList();
    }

    /** Remembers since when members are absent. */
    void noteAbsent(List<View> presentViews) {
        List<Peer> stay = staying();
        if (stay.isEmpty()) {
            return;
        }
        List<ChordId> absent = presentViews.stream().map(View::members).distinct()
                .flatMap(members -> Targets.absent(stay, members, settings.members()).stream())
                .map(Peer::id).distinct().toList();
        synchronized (absentSince) {
            absentSince.removeIf((id, since) -> !absent.contains(id));
            absent.forEach(id -> absentSince.getOrPut(id, key -> runtime.uptime()));
        }
    }

    private boolean keepsItsPlace(Peer absent) {
        if (isLeaving(absent)) {
            return false;
        }
        Duration since;
        synchronized (absentSince) {
            since = absentSince.get(absent.id());
        }
        return since == null || runtime.uptime().minus(since).compareTo(settings.repairAfter()) < 0;
    }

    /** Whether the ring itself leads to this node. */
    boolean isOnTheRing(Peer peer) {
        try {
            return ring.lookup(peer.id()).owner().equals(peer);
        } catch (LookupFailedException e) {
            log.debug("{} is not looked up now: {}", peer, e.getMessage());
            return false;
        }
    }

    private List<Peer> staying() {
        RingState state = ring.state();
        List<Peer> stay = new ArrayList<>();
        if (!selfLeaves) {
            stay.add(state.self());
        }
        state.successors().stream().filter(peer -> !peer.sameNode(state.self()) && !isLeaving(peer))
                .forEach(stay::add);
        return stay;
    }

    private boolean isLeaving(Peer peer) {
        Duration said;
        synchronized (leaving) {
            said = leaving.get(peer.id());
        }
        return peer.id().equals(ring.state().self().id()) ? selfLeaves
                : said != null && runtime.uptime().minus(said).compareTo(LEAVES_FOR) < 0;
    }

    /** The same node at the address where it is now, as far as this node knows. */
    Peer newest(Peer peer) {
        RingState state = ring.state();
        if (peer.sameNode(state.self())) {
            return state.self();
        }
        return state.neighbours().stream().filter(peer::sameNode).findFirst().map(peer::newest).orElse(peer);
    }
}
