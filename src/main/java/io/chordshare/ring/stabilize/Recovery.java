package io.chordshare.ring.stabilize;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.Lookup;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back of a node that has lost every successor: it looks for any node of its ring, and takes its own place
 * again through that node. It never becomes a ring by itself.
 */
public final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /**
     * Number of peers asked at the same time, the nearest first. When none answers, the next tick asks the next ones.
     */
    private static final int ASKED_AT_ONCE = 8;

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final Lookup lookup;
    private final RingIds ringIds;
    private final PassiveList passive;
    private final KnownPeers knownPeers;
    private int next;

    public Recovery(ThisNode node, Membership membership, Stabilization stabilization, FailureDetector detector,
            Lookup lookup) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.stabilization = stabilization;
        this.detector = detector;
        this.lookup = lookup;
        this.ringIds = membership.ringIds();
        this.passive = membership.lost();
        this.knownPeers = membership.known();
    }

    /** Whether a member has no successor left. */
    static boolean isNeeded(RingState state) {
        return state.successors().isEmpty() && state.status().isMember() && state.status() != RingStatus.ALONE;
    }

    /** One attempt, as a step of the queue. */
    public void step() {
        if (!isNeeded(cell.get())) {
            return;
        }
        List<Peer> known = nearestFirst();
        if (next >= known.size()) {
            next = 0;
        }
        List<Peer> asked = known.subList(next, Math.min(known.size(), next + ASKED_AT_ONCE));
        for (Peer member : members(asked)) {
            stabilization.stabilizeFromPredecessor(placeThrough(member));
            if (!cell.get().successors().isEmpty()) {
                log.info("found the ring again through {}", member);
            }
            // busy: ask the same node again. With a node further on, the ring could wind around twice
            return;
        }
        next += ASKED_AT_ONCE;
    }

    private List<Peer> nearestFirst() {
        ChordId own = cell.get().self().id();
        Map<ChordId, Peer> known = new LinkedHashMap<>();
        passive.all().forEach(peer -> known.put(peer.id(), peer));
        knownPeers.all().forEach(peer -> known.merge(peer.id(), peer, Peer::newest));
        // after a split, only the fingers know the far side of our own part
        RingState state = cell.get();
        state.fingers().peers().forEach(peer -> known.putIfAbsent(peer.id(), peer));
        state.knownPredecessor().ifPresent(peer -> known.putIfAbsent(peer.id(), peer));
        known.remove(own);
        List<Peer> nearestFirst = new ArrayList<>(known.values());
        nearestFirst.sort(Comparator.comparing(peer -> own.offsetOf(peer.id())));
        return nearestFirst;
    }

    /** Those of {@code asked} that answer as members of our ring, the nearest first. */
    private List<Peer> members(List<Peer> asked) {
        List<PeerCall<Pong>> calls = new ArrayList<>();
        for (Peer peer : asked) {
            calls.add(() -> detector.ask(peer, new RingRequest.Ping()));
        }
        Map<ChordId, Peer> there = new LinkedHashMap<>();
        for (Pong pong : Outcome.answers(runtime.gather(calls))) {
            if (pong.status().isMember() && ringIds.recognize(pong.ringIds())) {
                there.put(pong.self().id(), pong.self());
            }
        }
        return asked.stream().filter(peer -> there.containsKey(peer.id())).map(peer -> there.get(peer.id())).toList();
    }

    /**
     * The node next to our place, as {@code member} sees it; {@code member} itself when it has lost all successors too.
     */
    private Peer placeThrough(Peer member) {
        ChordId own = cell.get().self().id();
        try {
            LookupResult place = lookup.through(member, own);
            if (!place.owner().id().equals(own)) {
                return place.owner();
            }
            return place.successors().stream().filter(peer -> !peer.id().equals(own)).findFirst().orElse(member);
        } catch (LookupFailedException e) {
            return member;
        }
    }
}
