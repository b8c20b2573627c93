package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingSettings;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who answers and who does not (Das, Gupta and Motivala, "SWIM", DSN 2002, with the local health of Lifeguard). Every
 * question to a peer goes through {@link #ask}: it waits as long as that peer's answers usually take, any answer is a
 * sign of life, and silence is a reason to look closer. The neighbours are pinged once a period; one that is silent is
 * asked again, by this node and through others ({@link Probe}), then suspected, then declared dead.
 */
public final class FailureDetector {

    private static final Logger log = LoggerFactory.getLogger(FailureDetector.class);

    /** Suspects that travel with one ping: a node has hardly more neighbours. */
    static final int MAX_SUSPECTS = 8;
    /** An answer that is older proves nothing: the suspect may have died since, under the higher incarnation. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final RingIds names;
    private final PassiveList passive;
    private final RttEstimator roundTrips = new RttEstimator();
    private final LocalHealth health = new LocalHealth();
    private final PingReqTargets helpers;
    private final Probe probe;
    private final SecondHandNews secondHand;
    private final Map<ChordId, Suspicion> suspicions = new ConcurrentSkipListMap<>();
    private final Set<ChordId> probing = new ConcurrentSkipListSet<>();
    private final AvoidedPeers avoided = new AvoidedPeers();
    private volatile Consumer<Peer> deathListener = dead -> { };

    public FailureDetector(NodeRuntime runtime, RingSettings settings, StateCell cell, RingIds names,
            PassiveList passive) {
        this.runtime = runtime;
        this.cell = cell;
        this.names = names;
        this.passive = passive;
        helpers = new PingReqTargets(cell, this::suspects, runtime.random(), settings.successors());
        secondHand = new SecondHandNews(runtime, cell, this);
        probe = new Probe(runtime, settings, this, roundTrips, health);
    }

    /** Gets everybody that is declared dead, once per death. Must be quick. */
    public void onDeath(Consumer<Peer> deathListener) {
        this.deathListener = deathListener;
    }

    // -- asking ------------------------------------------------------------------------------------------------------

    /**
     * Asks {@code peer}, and learns from how it answers.
     *
     * @throws PeerException when there is no answer in the time that this peer usually takes, or it refused
     */
    public <A> A ask(Peer peer, RingRequest<A> request) throws PeerException {
        return ask(peer, request, roundTrips.patience(peer));
    }

    /** As {@link #ask(Peer, RingRequest)}, but the peer may also need {@code work} before it answers. */
    public <A> A askForWork(Peer peer, RingRequest<A> request, Duration work) throws PeerException {
        return ask(peer, request, roundTrips.patience(peer).plus(work));
    }

    public <A> A ask(Peer peer, RingRequest<A> request, Duration patience) throws PeerException {
        Duration start = runtime.uptime();
        try {
            A answer = runtime.call(peer, request, patience);
            roundTrips.took(peer, answer, runtime.uptime().minus(start), runtime.uptime());
            heard(peer);
            return answer;
        } catch (PeerException e) {
            // a refused connection is known at once, and says nothing of how long answers take
            if (runtime.uptime().minus(start).compareTo(patience) >= 0) {
                roundTrips.silent(peer, patience);
            }
            blame(peer, e);
            throw e;
        }
    }

    /** A sign of life. */
    void heard(Peer peer) {
        clear(peer.id());
        avoided.remove(peer.id());
    }

    /**
     * What an exception says of the peer: an answer of any kind is a sign of life, silence a reason to look closer. So
     * is the answer that it is no member: a pointer to it is of no use while that lasts. Where a neighbour is not, at
     * an address that somebody else gives for it, says nothing of it: anybody can make such a claim up.
     */
    void blame(Peer peer, PeerException e) {
        boolean ofNeighbourElsewhere = cell.get().neighbours().stream()
                .anyMatch(known -> known.sameNode(peer) && !known.address().equals(peer.address()));
        boolean isNotThere = e.reason() == PeerException.Reason.NOT_THAT_NODE
                || e.reason() == PeerException.Reason.WRONG_RING;
        if (!isNotThere && e.reason().isAlive() && e.reason() != PeerException.Reason.NOT_A_MEMBER) {
            heard(peer);
        } else if (ofNeighbourElsewhere) {
            log.debug("{} is not where somebody says: {}", peer, e.getMessage());
        } else if (isNotThere) {
            useless(peer);
        } else {
            avoided.add(peer.id(), runtime.uptime());
            watchIfNeighbour(peer);
        }
    }

    /** A refusal is dealt with at once. False when it was silence: then somebody has to look closer. */
    boolean isSettledBy(Peer peer, PeerException e) {
        if (e.reason() == PeerException.Reason.NO_ANSWER) {
            return false;
        }
        blame(peer, e);
        return true;
    }

    /** Whether it was silent when last asked: worth avoiding, not yet worth burying. */
    public boolean suspects(Peer peer) {
        return isSuspected(peer) || avoided.contains(peer.id(), runtime.uptime());
    }

    // -- watching the neighbours -------------------------------------------------------------------------------------

    /** Pings every neighbour; returns at once. A neighbour that is still being probed is not probed twice. */
    public void round() {
        RingState state = cell.get();
        if (state.status().isMember()) {
            List<Peer> neighbours = state.neighbours();
            suspicions.keySet().stream().filter(id -> neighbours.stream().noneMatch(peer -> peer.id().equals(id)))
                    .forEach(this::clear);
            neighbours.forEach(this::watch);
        }
    }

    public void watch(Peer peer) {
        if (probing.add(peer.id())) {
            runtime.start("probe", () -> {
                try {
                    probe.run(peer);
                } finally {
                    probing.remove(peer.id());
                }
            });
        }
    }

    private void watchIfNeighbour(Peer peer) {
        if (isNeighbour(peer)) {
            watch(peer);
        }
    }

    public boolean isNeighbour(Peer peer) {
        RingState state = cell.get();
        return state.successors().stream().anyMatch(peer::sameNode)
                || state.predecessor() != null && state.predecessor().sameNode(peer);
    }

    /** From now on it is suspected, until it is heard or {@link #declareDead}. */
    public Suspicion suspect(Peer peer) {
        Suspicion fresh = new Suspicion(peer);
        Suspicion before = suspicions.putIfAbsent(peer.id(), fresh);
        if (before == null) {
            cell.announceSuspected(peer, true);
        }
        return before == null ? fresh : before;
    }

    void clear(ChordId id) {
        Suspicion suspicion = suspicions.remove(id);
        if (suspicion != null) {
            cell.announceSuspected(suspicion.peer(), false);
        }
    }

    Optional<Suspicion> suspicion(ChordId id) {
        return Optional.ofNullable(suspicions.get(id));
    }

    public boolean isSuspected(Peer peer) {
        return suspicions.containsKey(peer.id());
    }

    public void declareDead(Peer peer) {
        clear(peer.id());
        deathListener.accept(peer);
    }

    /**
     * Somebody else is at its address, or it is not in our ring (any more): a pointer to it is of no use from now on.
     */
    private void useless(Peer peer) {
        if (isNeighbour(peer)) {
            declareDead(peer);
        }
    }

    /** Reads what a ping brought. False when it settles nothing, and is no better than silence. */
    public boolean answered(Peer asked, Pong pong) {
        if (!pong.self().sameNode(asked)) {
            // it was asked by its id, and says that it is another: that is no answer
            return false;
        }
        if (pong.status() == RingStatus.JOINING && pong.self().incarnation() <= asked.incarnation()) {
            // it has come back and been admitted, and either does not know it yet or never will
            return false;
        }
        if (!isInOurRing(pong)) {
            useless(asked);
            return true;
        }
        heard(pong.self());
        helpers.learn(pong);
        cell.update(state -> state.withOwnClaim(pong.self()));
        pong.refuted().stream().limit(MAX_SUSPECTS).forEach(secondHand::refuted);
        return true;
    }

    /** The newest claim with which this peer has answered, if it has. */
    public Optional<Peer> claim(ChordId id) {
        return Optional.ofNullable(roundTrips.claim(id));
    }

    private boolean isInOurRing(Pong pong) {
        // a node that left founded a ring of its own; one that restarted is a member again only once it has joined
        return names.recognize(pong.ringIds()) && pong.status() != RingStatus.JOINING;
    }

    /** Whether it has answered since {@code then}. */
    public boolean hasHeard(ChordId peer, Duration then) {
        return roundTrips.hasHeard(peer, then);
    }

    // -- answering ---------------------------------------------------------------------------------------------------

    /** Whom we suspect, for the next ping. */
    public List<Suspect> suspects() {
        return suspicions.values().stream().limit(MAX_SUSPECTS).map(Suspicion::peer).map(Suspect::of).toList();
    }

    /**
     * What is to be said to somebody who suspects these: of those that have just answered with a higher incarnation,
     * that they did. Of the others we take a closer look ourselves.
     */
    public List<Peer> refutations(Ping ping) {
        List<Peer> refuted = new ArrayList<>();
        for (Suspect suspect : ping.suspects().stream().limit(MAX_SUSPECTS).toList()) {
            Peer claim = roundTrips.claimSince(suspect.id(), runtime.uptime().minus(FRESH));
            if (claim != null && claim.incarnation() > suspect.incarnation()) {
                refuted.add(claim);
                continue;
            }
            Suspicion own = suspicions.get(suspect.id());
            if (own != null && ping.from() != null) {
                own.confirmedBy(ping.from());
            } else {
                cell.get().neighbours().stream().filter(peer -> peer.id().equals(suspect.id()))
                        .forEach(this::watch);
            }
        }
        return refuted;
    }

    /** Whether this node has found out by itself what somebody else suspects now. */
    boolean agrees(Peer suspect) {
        Suspicion own = suspicions.get(suspect.id());
        return own != null && own.peer().incarnation() >= suspect.incarnation()
                || passive.has(suspect) && !isNeighbour(suspect);
    }

    /** Pings a peer for somebody who does not hear it. */
    public RingRequest.PingReqAnswer pingFor(RingRequest.PingReq question) {
        return probe.pingFor(question);
    }

    /** Somebody suspects this node itself: perhaps it is the one that is slow. */
    public void wasSuspected() {
        health.degraded();
    }

    /** To tell how long asking took. */
    public Duration uptime() {
        return runtime.uptime();
    }

    /** What others have heard of those whom this node does not hear. */
    public SecondHandNews secondHand() {
        return secondHand;
    }

    /** Who else can be asked. */
    public PingReqTargets helpers() {
        return helpers;
    }

    public int healthFactor() {
        return health.factor();
    }

    ChordId self() {
        return cell.get().self().id();
    }
}
