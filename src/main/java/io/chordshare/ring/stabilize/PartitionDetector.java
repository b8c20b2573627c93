package io.chordshare.ring.stabilize;

import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.Lookup;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.membership.SeedProbe;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for parts of the ring that were split off: asks lost peers, seeds and known peers where they are, and hands a
 * peer in another part to {@link RingUnification}.
 */
public final class PartitionDetector {

    private static final Logger log = LoggerFactory.getLogger(PartitionDetector.class);

    /** Lost peers that one round asks. After a partition they are many, and the first that answers is enough. */
    private static final int LOOKS_PER_ROUND = 2;
    /** A part whose nodes this node has met, but never lost, is found within this time. */
    private static final Duration CHECK_SELF_EVERY = Duration.ofSeconds(15);
    /**
     * A peer beyond the successor list is nearer to other nodes, which lost it too. So a lookup now and then is enough.
     */
    private static final Duration LOOK_FAR_EVERY = Duration.ofSeconds(10);
    private static final Duration FIRST_FAR_LOOK_AFTER = Duration.ofSeconds(7);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final FailureDetector detector;
    private final Lookup lookup;
    private final RingUnification unification;
    private final RingIds ringIds;
    private final PassiveList passive;
    private final KnownPeers knownPeers;
    private final SeedProbe seeds;
    private Duration lastSelfCheck;
    private Duration lastFarLook;

    public PartitionDetector(ThisNode node, Membership membership, FailureDetector detector, Lookup lookup,
            RingUnification unification, List<String> seeds) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.detector = detector;
        this.lookup = lookup;
        this.unification = unification;
        this.ringIds = membership.ringIds();
        this.passive = membership.lost();
        this.knownPeers = membership.known();
        this.seeds = new SeedProbe(runtime, seeds);
        lastSelfCheck = runtime.uptime();
        lastFarLook = runtime.uptime().minus(LOOK_FAR_EVERY).plus(FIRST_FAR_LOOK_AFTER);
    }

    /** One round of looking for lost parts. */
    public void round() {
        RingState state = cell.get();
        if (state.status() != RingStatus.MEMBER && state.status() != RingStatus.LEAVING) {
            return;
        }
        state.neighbours().forEach(peer -> passive.found(peer.id()));
        passive.due(LOOKS_PER_ROUND).forEach(this::checkLost);
        seeds.next().ifPresent(this::checkSeed);
        if (runtime.uptime().minus(lastSelfCheck).compareTo(CHECK_SELF_EVERY) > 0) {
            lastSelfCheck = runtime.uptime();
            List<Peer> known = knownPeers.all();
            if (!known.isEmpty()) {
                unification.unifyThrough(known.get(runtime.random().nextInt(known.size())));
            }
        }
    }

    private void checkSeed(Peer seed) {
        Pong pong;
        try {
            pong = detector.ask(seed, new RingRequest.Ping());
        } catch (PeerException e) {
            log.debug("{} is silent and is asked again later: {}", seed, e.getMessage());
            return;
        }
        if (!ringIds.recognize(pong.ringIds())) {
            return;
        }
        if (pong.status() == RingStatus.JOINING) {
            // it looks for its ring, and may be known only to nodes that have it as a seed
            unification.tell(List.of(seed), cell.get().self());
        } else if (locate(seed) == Location.ELSEWHERE) {
            unification.unifyThrough(seed);
        }
    }

    /** Asks a lost peer whether it is back, and in which part. */
    private void checkLost(Peer lost) {
        Pong pong;
        try {
            pong = detector.ask(lost, new RingRequest.Ping());
        } catch (PeerException e) {
            passive.silent(lost);
            return;
        }
        Peer there = pong.self();
        if (pong.status() == RingStatus.JOINING && ringIds.recognize(pong.ringIds())) {
            // it looks for its ring, and may know no live member
            unification.tell(List.of(there), cell.get().self());
        }
        if (!there.sameNode(lost) || !pong.status().isMember() || !ringIds.recognize(pong.ringIds())) {
            // it is starting, or a node of another ring has its address now
            passive.silent(lost);
            return;
        }
        switch (locate(there)) {
            case ELSEWHERE -> {
                passive.soon(there);
                unification.unifyThrough(there);
            }
            case UNKNOWN -> passive.silent(there);
            case HERE -> passive.found(there.id());
        }
    }

    /** Whether our own pointers lead to a live member of our ring. */
    private enum Location { HERE, ELSEWHERE, UNKNOWN }

    private Location locate(Peer there) {
        RingState state = cell.get();
        if (there.sameNode(state.self()) || detector.isNeighbour(there)) {
            return Location.HERE;
        }
        List<Peer> list = state.successors();
        if (!list.isEmpty() && RingInterval.between(state.self().id(), there.id(), list.getLast().id())) {
            return Location.ELSEWHERE;
        }
        if (runtime.uptime().minus(lastFarLook).compareTo(LOOK_FAR_EVERY) < 0) {
            return Location.UNKNOWN;
        }
        lastFarLook = runtime.uptime();
        try {
            return lookup.from(state, there.id()).owner().sameNode(there) ? Location.HERE : Location.ELSEWHERE;
        } catch (LookupFailedException e) {
            log.debug("the place of {} was not found; it is looked up again later: {}", there, e.getMessage());
            return Location.UNKNOWN;
        }
    }
}
