package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingSettings;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which peers are alive (Das, Gupta and Motivala, "SWIM", DSN 2002, with the local health of Lifeguard). Every
 * request to a peer goes through {@link #ask}, which waits as long as that peer usually takes. Any answer is a sign of
 * life, and silence starts a probe. The detector pings each neighbour once per period. It asks a silent neighbour
 * again, directly and through other nodes ({@link Probe}), then suspects it, then declares it dead.
 */
public final class FailureDetector {

    private static final Logger log = LoggerFactory.getLogger(FailureDetector.class);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final RingIds ringIds;
    private final PassiveList passive;
    private final RttEstimator roundTrips = new RttEstimator();
    private final LocalHealth health = new LocalHealth();
    private final PingReqTargets pingReqTargets;
    private final Probe probe;
    private final SecondHandNews secondHand;
    private final Refutations refutations;
    private final Suspicions suspicions;
    private final Set<ChordId> probing = new ConcurrentSkipListSet<>();
    private final AvoidedPeers avoided = new AvoidedPeers();
    private volatile Consumer<Peer> deathListener = dead -> { };

    public FailureDetector(NodeRuntime runtime, RingSettings settings, StateCell cell, RingIds ringIds,
            PassiveList passive) {
        this.runtime = runtime;
        this.cell = cell;
        this.ringIds = ringIds;
        this.passive = passive;
        suspicions = new Suspicions(cell);
        pingReqTargets = new PingReqTargets(cell, this::suspects, runtime.random(), settings.successors());
        secondHand = new SecondHandNews(runtime, cell, this);
        refutations = new Refutations(runtime, cell, roundTrips, this);
        probe = new Probe(runtime, settings, this, roundTrips, health);
    }

    /** Sets the listener for deaths. It is called once per death and must be quick. */
    public void onDeath(Consumer<Peer> deathListener) {
        this.deathListener = deathListener;
    }

    // -- requests to peers
    // ---------------------------------------------------------------------------------------------

    /**
     * Asks {@code peer}, and updates the estimates and suspicions by the outcome.
     *
     * @throws PeerException when there is no answer in the time that this peer usually takes, or it refuses
     */
    public <A> A ask(Peer peer, RingRequest<A> request) throws PeerException {
        return ask(peer, request, roundTrips.timeout(peer));
    }

    /** As {@link #ask(Peer, RingRequest)}, but allows the peer {@code work} in addition before it answers. */
    public <A> A askForWork(Peer peer, RingRequest<A> request, Duration work) throws PeerException {
        return ask(peer, request, roundTrips.timeout(peer).plus(work));
    }

    public <A> A ask(Peer peer, RingRequest<A> request, Duration timeout) throws PeerException {
        Duration start = runtime.uptime();
        try {
            A answer = runtime.call(peer, request, timeout);
            roundTrips.took(peer, answer, runtime.uptime().minus(start), runtime.uptime());
            heard(peer);
            return answer;
        } catch (PeerException e) {
            // a refused connection fails immediately, and says nothing about answer times
            if (runtime.uptime().minus(start).compareTo(timeout) >= 0) {
                roundTrips.silent(peer, timeout);
            }
            blame(peer, e);
            throw e;
        }
    }

    /** Records a sign of life. */
    void heard(Peer peer) {
        suspicions.clear(peer.id());
        avoided.remove(peer.id());
    }

    /**
     * Evaluates a failed request. An answer of any kind is a sign of life. Silence starts a probe. A node that is not a
     * member counts as silent, because pointers to it are useless meanwhile. A failure at an address other than the
     * known one of a neighbour says nothing about the neighbour, because anybody can forge such an address.
     */
    void blame(Peer peer, PeerException e) {
        boolean ofNeighbourElsewhere = cell.get().neighbours().stream()
                .anyMatch(known -> known.sameNode(peer) && !known.address().equals(peer.address()));
        boolean isNotThere = e.reason() == PeerException.Reason.NOT_THAT_NODE
                || e.reason() == PeerException.Reason.WRONG_RING;
        if (!isNotThere && e.reason().isAlive() && e.reason() != PeerException.Reason.NOT_A_MEMBER) {
            heard(peer);
        } else if (ofNeighbourElsewhere) {
            log.debug("{} is not at the address that another node gave: {}", peer, e.getMessage());
        } else if (isNotThere) {
            dropPointersTo(peer);
        } else {
            avoided.add(peer.id(), runtime.uptime());
            watchIfNeighbour(peer);
        }
    }

    /** Handles a refusal immediately. False when the peer was silent: then a probe must follow. */
    boolean isSettledBy(Peer peer, PeerException e) {
        if (e.reason() == PeerException.Reason.NO_ANSWER) {
            return false;
        }
        blame(peer, e);
        return true;
    }

    /** Whether the peer was silent when last asked: to be avoided, but not declared dead. */
    public boolean suspects(Peer peer) {
        return isSuspected(peer) || avoided.contains(peer.id(), runtime.uptime());
    }

    // -- neighbours
    // ----------------------------------------------------------------------------------------------------

    /** Pings every neighbour and returns immediately. A neighbour that is still being probed is not probed twice. */
    public void round() {
        RingState state = cell.get();
        if (state.status().isMember()) {
            List<Peer> neighbours = state.neighbours();
            suspicions.retain(neighbours);
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

    public boolean isSuspected(Peer peer) {
        return suspicions.contains(peer.id());
    }

    public void declareDead(Peer peer) {
        suspicions.clear(peer.id());
        deathListener.accept(peer);
    }

    /** Another node is at its address, or it is not in this ring: drops the pointers to it. */
    private void dropPointersTo(Peer peer) {
        if (isNeighbour(peer)) {
            declareDead(peer);
        }
    }

    /** Evaluates the answer to a ping. False when the answer is no better than silence. */
    public boolean answered(Peer asked, Pong pong) {
        if (!pong.self().sameNode(asked)) {
            // the ping named its id, and another node answered
            return false;
        }
        if (pong.status() == RingStatus.JOINING && pong.self().incarnation() <= asked.incarnation()) {
            // the node is restarting: a member admitted it, but it does not know yet or never will
            return false;
        }
        if (!isInOurRing(pong)) {
            dropPointersTo(asked);
            return true;
        }
        heard(pong.self());
        pingReqTargets.learn(pong);
        cell.update(state -> state.withOwnClaim(pong.self()));
        pong.refuted().stream().limit(Suspicions.MAX_SUSPECTS).forEach(secondHand::refuted);
        return true;
    }

    /** The newest claim that this peer has made in an answer. */
    public Optional<Peer> claim(ChordId id) {
        return Optional.ofNullable(roundTrips.claim(id));
    }

    private boolean isInOurRing(Pong pong) {
        // a node that left founded a ring of its own; a restarted node is a member again after its join
        return ringIds.recognize(pong.ringIds()) && pong.status() != RingStatus.JOINING;
    }

    /** Whether the peer has answered since {@code then}. */
    public boolean hasHeard(ChordId peer, Duration then) {
        return roundTrips.hasHeard(peer, then);
    }

    // -- requests of peers
    // ---------------------------------------------------------------------------------------------

    /** The suspects of {@code ping} that this node can refute; see {@link Refutations}. */
    public List<Peer> refutations(Ping ping) {
        return refutations.to(ping);
    }

    /** Whether this node itself found {@code suspect} silent. */
    boolean agrees(Peer suspect) {
        Suspicion own = suspicions.find(suspect.id()).orElse(null);
        return own != null && own.peer().incarnation() >= suspect.incarnation()
                || passive.has(suspect) && !isNeighbour(suspect);
    }

    /** Pings a peer for a node that does not hear it. */
    public RingRequest.PingReqAnswer answerPingReq(RingRequest.PingReq question) {
        return probe.answerPingReq(question);
    }

    /** Another node suspects this node, so this node may be the slow one. */
    public void wasSuspected() {
        health.degraded();
    }

    /** Time since the start, to measure how long a request took. */
    public Duration uptime() {
        return runtime.uptime();
    }

    /** Answers of silent peers that other nodes report. */
    public SecondHandNews secondHand() {
        return secondHand;
    }

    /** The peers that this node suspects. */
    public Suspicions suspicions() {
        return suspicions;
    }

    /** The nodes that can ping a silent peer for this one. */
    public PingReqTargets pingReqTargets() {
        return pingReqTargets;
    }

    public int healthFactor() {
        return health.factor();
    }

    ChordId self() {
        return cell.get().self().id();
    }
}
