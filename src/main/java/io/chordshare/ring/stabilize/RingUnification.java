package io.chordshare.ring.stabilize;

import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.lookup.Lookup;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.ExclusiveQuery.Ending;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.UnifyRings;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingsMerged;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unifies parts of a ring that was split (after Shafaat, Ghodsi and Haridi, "Dealing with network partitions in
 * structured overlay networks", PPNA 2009). A node that knows a peer in another part looks its own place up there and
 * offers itself the successor that it finds. It asks the predecessor that it finds, its own neighbour and
 * {@link #FAN_OUT} fingers to do the same. Only nodes that answered are adopted: every change goes through the steps of
 * {@link Stabilization}. A node that is already in place in the other part stops there, so a false alarm costs one
 * lookup.
 */
public final class RingUnification {

    private static final Logger log = LoggerFactory.getLogger(RingUnification.class);

    /**
     * In addition to the two neighbours. From one meeting point, all N nodes of a ring are told in about log N steps.
     */
    private static final int FAN_OUT = 2;
    /** A node is told several times; one unification in this time is enough. */
    private static final Duration REST = Duration.ofSeconds(3);
    private static final Duration MERGE_RETRY_AFTER = Duration.ofMillis(300);
    private static final int OFFER_TRIES = 5;
    private static final Duration OFFER_AGAIN_AFTER = Duration.ofMillis(200);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final Lookup lookup;
    private final RingIds ringIds;
    private final PersistentIdentity persistentIdentity;
    private final Broadcast broadcast;
    private Duration lastUnified;

    public RingUnification(ThisNode node, Membership membership, Stabilization stabilization,
            FailureDetector detector, Lookup lookup, Broadcast broadcast) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.stabilization = stabilization;
        this.detector = detector;
        this.lookup = lookup;
        this.ringIds = membership.ringIds();
        this.persistentIdentity = membership.identity();
        this.broadcast = broadcast;
        lastUnified = runtime.uptime().minus(REST);
    }

    /** A peer reports another part of the ring. */
    public void handle(UnifyRings message) {
        runtime.start("unify", () -> unifyThrough(message.stranger()));
    }

    /** A broadcast reports that two rings were merged. The named member of the other ring must confirm it. */
    public void handle(RingsMerged merged, Runnable forward) {
        if (!ringIds.knows(merged.ringIds())) {
            log.debug("{} reports a merge of other rings", merged.contact());
            return;
        }
        runtime.start("rings-merged", () -> {
            Pong pong;
            try {
                pong = detector.ask(merged.contact(), new RingRequest.Ping());
            } catch (PeerException e) {
                log.debug("{} does not confirm the merge: {}", merged.contact(), e.getMessage());
                return;
            }
            List<String> confirmed = merged.ringIds().stream().filter(pong.ringIds()::contains).toList();
            if (pong.self().sameNode(merged.contact()) && pong.status().isMember() && !confirmed.isEmpty()) {
                ringIds.merge(confirmed);
                forward.run();
                unifyThrough(pong.self());
            }
        });
    }

    private synchronized boolean mayUnify() {
        if (runtime.uptime().minus(lastUnified).compareTo(REST) < 0) {
            return false;
        }
        lastUnified = runtime.uptime();
        return true;
    }

    /**
     * Looks this node's own place up through {@code contact}. When the owner there is this node itself, nothing is left
     * to do.
     */
    void unifyThrough(Peer contact) {
        RingState state = cell.get();
        Peer self = state.self();
        if (!state.status().isMember() || contact.sameNode(self) || !mayUnify()) {
            return;
        }
        LookupResult place;
        try {
            place = lookup.through(contact, self.id());
        } catch (LookupFailedException e) {
            // the contact may be isolated, and can then take its place through us
            tell(List.of(contact), self);
            return;
        }
        Peer owner = place.owner();
        if (owner.sameNode(self)) {
            return;
        }
        log.info("{} is in another part of the ring, where {} is next to us", contact, owner);
        List<Peer> told = new ArrayList<>(List.of(state.successor()));
        told.addAll(detector.pingReqTargets().far(FAN_OUT));
        tell(told.stream().distinct().filter(peer -> !peer.sameNode(self)).toList(), owner);
        tell(List.of(place.predecessor()), self);
        offer(owner, OFFER_TRIES);
    }

    /**
     * Merges this node's ring with that of {@code there}, because a person asked for it. From now on each ring is known
     * by the ids of both. Returns when this node has its place in the other ring.
     *
     * @throws TimeoutException when {@code deadline} passes first; the merge continues in the background
     */
    public void mergeRings(Pong there, Duration deadline) throws TimeoutException {
        Peer contact = there.self();
        ringIds.merge(there.ringIds());
        log.info("{} merges its ring with that of {}", cell.get().self(), contact);
        persistentIdentity.entered(cell.get());
        Peer self = cell.get().self();
        broadcast.send(new RingsMerged(ringIds.all(), contact), self.id());
        announceToOtherRing(new RingsMerged(ringIds.all(), self), contact);
        while (!isKnownAround(contact)) {
            if (runtime.uptime().compareTo(deadline) > 0) {
                throw new TimeoutException("the two rings are not merged yet");
            }
            unifyThrough(contact);
            runtime.sleep(MERGE_RETRY_AFTER);
        }
    }

    /** The member of the other ring broadcasts it there. Nodes that miss it learn it when they ping nodes of ours. */
    private void announceToOtherRing(RingsMerged news, Peer contact) {
        try {
            detector.ask(contact, new RingRequest.BroadcastRequest(news, contact.id()));
        } catch (PeerException e) {
            log.debug("{} did not get the news of the merge: {}", contact, e.getMessage());
        }
    }

    /** Whether {@code contact} and the nodes around it know this node. */
    private boolean isKnownAround(Peer contact) {
        try {
            return lookup.through(contact, cell.get().self().id()).owner().sameNode(cell.get().self());
        } catch (LookupFailedException e) {
            log.debug("{} does not lead to this node yet: {}", contact, e.getMessage());
            return false;
        }
    }

    /** Tells {@code peers} that there is another part of the ring, with {@code stranger} in it. */
    void tell(List<Peer> peers, Peer stranger) {
        List<PeerCall<RingRequest.Done>> calls = new ArrayList<>();
        for (Peer peer : peers) {
            if (!peer.sameNode(stranger)) {
                calls.add(() -> detector.ask(peer, new UnifyRings(stranger)));
            }
        }
        runtime.gather(calls);
    }

    /** Takes a candidate from the other part after it answered, like any other. Busy means to try again later. */
    private void offer(Peer candidate, int tries) {
        steps.submitForOthers("merge:" + candidate.id(), () -> {
            RingState state = cell.get();
            if (!state.status().isMember()
                    || !RingInterval.between(state.self().id(), candidate.id(), state.successor().id())) {
                return;
            }
            if (stabilization.stabilizeFromPredecessor(candidate) != Ending.ANSWERED && tries > 1) {
                runtime.start("merge", () -> {
                    runtime.sleep(OFFER_AGAIN_AFTER);
                    offer(candidate, tries - 1);
                });
            }
        });
    }
}
