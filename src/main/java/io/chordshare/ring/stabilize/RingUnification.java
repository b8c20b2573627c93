package io.chordshare.ring.stabilize;

import io.chordshare.id.RingInterval;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.lookup.Lookup;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.membership.SeedProbe;
import io.chordshare.ring.protocol.ExclusiveQuery.Ending;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.UnifyRings;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
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
 * Makes parts of a ring that were split one ring again (after Shafaat, Ghodsi and Haridi, "Dealing with network
 * partitions in structured overlay networks", PPNA 2009). A node that finds a lost peer in another part looks its own
 * place up there, asks the successor that it finds to be its own, and lets the predecessor that it finds, its own
 * neighbour and {@link #FAN_OUT} fingers do the same. Nothing is adopted that has not answered: everything goes through
 * the steps of {@link Stabilization}. Who is in place in the other part already ends it there, so a false alarm costs
 * one lookup.
 */
public final class RingUnification {

    private static final Logger log = LoggerFactory.getLogger(RingUnification.class);

    /** Besides the two neighbours: from one meeting point a ring of N is told in about log N steps. */
    private static final int FAN_OUT = 2;
    /** Everybody is told several times; once in this time is enough. */
    private static final Duration REST = Duration.ofSeconds(3);
    /** Lost peers that are asked in one round: they are many after a partition, and the first that answers ends it. */
    private static final int LOOKS_PER_ROUND = 2;
    /** A part of the ring whose nodes this one has met, but never lost, is found within this time. */
    private static final Duration CHECK_SELF_EVERY = Duration.ofSeconds(15);
    private static final Duration UNITE_AGAIN_AFTER = Duration.ofMillis(300);
    /**
     * Who is farther than the list reaches is nearer to others, who lost it as well: a lookup now and then is enough.
     */
    private static final Duration LOOK_FAR_EVERY = Duration.ofSeconds(10);
    private static final int OFFER_TRIES = 5;
    private static final Duration OFFER_AGAIN_AFTER = Duration.ofMillis(200);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final Lookup lookup;
    private final RingIds names;
    private final PassiveList passive;
    private final KnownPeers contacts;
    private final PersistentIdentity identities;
    private final Broadcast broadcast;
    private final SeedProbe seeds;
    private Duration lastMet;
    private Duration lastSelfCheck;
    private Duration lastFarLook;

    public RingUnification(ThisNode node, Membership membership, Stabilization stabilization,
            FailureDetector detector, Lookup lookup, Broadcast broadcast, List<String> seeds) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.stabilization = stabilization;
        this.detector = detector;
        this.lookup = lookup;
        this.names = membership.ringIds();
        this.passive = membership.lost();
        this.contacts = membership.known();
        this.identities = membership.identity();
        this.broadcast = broadcast;
        this.seeds = new SeedProbe(runtime, seeds);
        lastMet = runtime.uptime().minus(REST);
        lastSelfCheck = runtime.uptime();
        lastFarLook = lastMet;
    }

    /** One round of looking for those that were lost. */
    public void round() {
        RingState state = cell.get();
        if (state.status() != RingStatus.MEMBER && state.status() != RingStatus.LEAVING) {
            return;
        }
        state.neighbours().forEach(peer -> passive.found(peer.id()));
        passive.due(LOOKS_PER_ROUND).forEach(this::look);
        seeds.next().ifPresent(this::lookAtSeed);
        if (runtime.uptime().minus(lastSelfCheck).compareTo(CHECK_SELF_EVERY) > 0) {
            lastSelfCheck = runtime.uptime();
            List<Peer> known = contacts.all();
            if (!known.isEmpty()) {
                meet(known.get(runtime.random().nextInt(known.size())));
            }
        }
    }

    private void lookAtSeed(Peer seed) {
        Pong pong;
        try {
            pong = detector.ask(seed, new RingRequest.Ping());
        } catch (PeerException e) {
            log.debug("{} is asked again later: {}", seed, e.getMessage());
            return;
        }
        if (!names.recognize(pong.ringIds())) {
            return;
        }
        if (pong.status() == RingStatus.JOINING) {
            // it looks for its ring, and may know nobody but us who have it as a seed
            tell(List.of(seed), cell.get().self());
        } else if (whereIs(seed) == Where.ELSEWHERE) {
            meet(seed);
        }
    }

    /** Asks a lost peer whether it is back, and where. */
    private void look(Peer lost) {
        Pong pong;
        try {
            pong = detector.ask(lost, new RingRequest.Ping());
        } catch (PeerException e) {
            passive.silent(lost);
            return;
        }
        Peer there = pong.self();
        if (pong.status() == RingStatus.JOINING && names.recognize(pong.ringIds())) {
            // it looks for its ring, and may know nobody any more who is up
            tell(List.of(there), cell.get().self());
        }
        if (!there.sameNode(lost) || !pong.status().isMember() || !names.recognize(pong.ringIds())) {
            // it is starting, or a stranger's ring has its address now: that one is none of our business
            passive.silent(lost);
            return;
        }
        switch (whereIs(there)) {
            case ELSEWHERE -> {
                passive.soon(there);
                meet(there);
            }
            case UNKNOWN -> passive.silent(there);
            case HERE -> passive.found(there.id());
        }
    }

    /** Whether our own pointers lead to a live member of our ring. */
    private enum Where { HERE, ELSEWHERE, UNKNOWN }

    private Where whereIs(Peer there) {
        RingState state = cell.get();
        if (there.sameNode(state.self()) || detector.isNeighbour(there)) {
            return Where.HERE;
        }
        List<Peer> list = state.successors();
        if (!list.isEmpty() && RingInterval.between(state.self().id(), there.id(), list.getLast().id())) {
            return Where.ELSEWHERE;
        }
        if (runtime.uptime().minus(lastFarLook).compareTo(LOOK_FAR_EVERY) < 0) {
            return Where.UNKNOWN;
        }
        lastFarLook = runtime.uptime();
        try {
            return lookup.from(state, there.id()).owner().sameNode(there) ? Where.HERE : Where.ELSEWHERE;
        } catch (LookupFailedException e) {
            log.debug("{} is looked for again later: {}", there, e.getMessage());
            return Where.UNKNOWN;
        }
    }

    /** A peer says that there is another part. */
    public void hear(UnifyRings message) {
        runtime.start("meet", () -> meet(message.stranger()));
    }

    /** Two rings are said to be one. The member of the other one that is named has to say so, too. */
    public void hear(RingsMerged merged, Runnable spreadOn) {
        runtime.start("merged", () -> {
            Pong pong;
            try {
                pong = detector.ask(merged.contact(), new RingRequest.Ping());
            } catch (PeerException e) {
                log.debug("{} does not say which ring it is in: {}", merged.contact(), e.getMessage());
                return;
            }
            List<String> confirmed = merged.ringIds().stream().filter(pong.ringIds()::contains).toList();
            if (pong.self().sameNode(merged.contact()) && pong.status().isMember() && !confirmed.isEmpty()) {
                names.merge(confirmed);
                spreadOn.run();
                meet(pong.self());
            }
        });
    }

    private synchronized boolean mayMeet() {
        if (runtime.uptime().minus(lastMet).compareTo(REST) < 0) {
            return false;
        }
        lastMet = runtime.uptime();
        return true;
    }

    /** Looks this node's own place up through {@code contact}. Where that is the node itself there is nothing to do. */
    void meet(Peer contact) {
        RingState state = cell.get();
        Peer self = state.self();
        if (!state.status().isMember() || contact.sameNode(self) || !mayMeet()) {
            return;
        }
        LookupResult place;
        try {
            place = lookup.through(contact, self.id());
        } catch (LookupFailedException e) {
            // it may be isolated: then it can take its place through us
            tell(List.of(contact), self);
            return;
        }
        Peer owner = place.owner();
        if (owner.sameNode(self)) {
            return;
        }
        log.info("{} is in another part of the ring, where {} is next to us", contact, owner);
        List<Peer> told = new ArrayList<>(List.of(state.successor()));
        told.addAll(detector.helpers().far(FAN_OUT));
        tell(told.stream().distinct().filter(peer -> !peer.sameNode(self)).toList(), owner);
        tell(List.of(place.predecessor()), self);
        offer(owner, OFFER_TRIES);
    }

    /**
     * Makes this node's ring and that of {@code there} one, because a person asked for it: from now on each is known by
     * the ids of both. Returns once this node has its place in the other one.
     *
     * @throws TimeoutException when it has none at {@code deadline}; it goes on in the background
     */
    public void unite(Pong there, Duration deadline) throws TimeoutException {
        Peer contact = there.self();
        names.merge(there.ringIds());
        log.info("{} makes its ring one with that of {}", cell.get().self(), contact);
        identities.entered(cell.get());
        Peer self = cell.get().self();
        broadcast.spread(new RingsMerged(names.all(), contact), self.id());
        tellTheOthers(new RingsMerged(names.all(), self), contact);
        while (!isInPlace(contact)) {
            if (runtime.uptime().compareTo(deadline) > 0) {
                throw new TimeoutException("the two rings are not one yet");
            }
            meet(contact);
            runtime.sleep(UNITE_AGAIN_AFTER);
        }
    }

    /** The other ring hears it from its own member. Those who miss it learn it when they ping nodes of ours. */
    private void tellTheOthers(RingsMerged news, Peer contact) {
        try {
            detector.ask(contact, new RingRequest.BroadcastRequest(news, contact.id()));
        } catch (PeerException e) {
            log.debug("{} was not told that the rings are one: {}", contact, e.getMessage());
        }
    }

    /** Whether {@code contact} and those around it know this node. */
    private boolean isInPlace(Peer contact) {
        try {
            return lookup.through(contact, cell.get().self().id()).owner().sameNode(cell.get().self());
        } catch (LookupFailedException e) {
            log.debug("{} does not lead to this node yet: {}", contact, e.getMessage());
            return false;
        }
    }

    private void tell(List<Peer> peers, Peer stranger) {
        List<PeerCall<RingRequest.Done>> calls = new ArrayList<>();
        for (Peer peer : peers) {
            if (!peer.sameNode(stranger)) {
                calls.add(() -> detector.ask(peer, new UnifyRings(stranger)));
            }
        }
        runtime.gather(calls);
    }

    /** A candidate from the other part: it is asked first, like any other. Busy means later, not never. */
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
