package io.chordshare.ring.protocol;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.join.Admission;
import io.chordshare.ring.join.LeaveNotices;
import io.chordshare.ring.join.Regrouping;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.lookup.Routing;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.Done;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.Spread;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node answers its peers. Everything but a ping for another is answered at once, from a snapshot. */
public final class RequestHandler {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    /**
     * Whoever suspects the new incarnation as well has asked it several times by then. Sooner it is a stranger's doing, who
     * would make this node write to its disk, and doubt its own health, with each message.
     */
    private static final Duration REFUTES_AGAIN_AFTER = Duration.ofMillis(500);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final FailureDetector detector;
    private final ExclusiveQuery questions;
    private final Routing routing;
    private final Admission admission;
    private final Stabilization stabilization;
    private final RingUnification merging;
    private final Broadcast broadcast;
    private final PersistentIdentity identities;
    private final RingIds names;
    private final KnownPeers contacts;
    private final LeaveNotices farewells;
    private volatile Duration refutedAt;
    private final Regrouping regrouping;
    private volatile BiConsumer<News, Consumer<News>> newsReader = (news, spreadOn) -> { };

    public RequestHandler(NodeRuntime runtime, StateCell cell, StepQueue steps, FailureDetector detector, ExclusiveQuery questions,
            Routing routing, Admission admission, Stabilization stabilization, RingUnification merging, Broadcast broadcast,
            PersistentIdentity identities, RingIds names, KnownPeers contacts, Regrouping regrouping) {
        this.runtime = runtime;
        this.cell = cell;
        this.steps = steps;
        this.detector = detector;
        this.questions = questions;
        this.routing = routing;
        this.admission = admission;
        this.stabilization = stabilization;
        this.merging = merging;
        this.broadcast = broadcast;
        this.identities = identities;
        this.names = names;
        this.contacts = contacts;
        farewells = new LeaveNotices(runtime, cell, steps, stabilization, detector, identities, names);
        refutedAt = runtime.uptime().minus(REFUTES_AGAIN_AFTER);
        this.regrouping = regrouping;
    }

    public void readNews(BiConsumer<News, Consumer<News>> reader) {
        newsReader = reader;
    }

    /** Is the message meant for this node, from a node of this ring? */
    public void check(Envelope envelope, boolean crossesRings) throws PeerException {
        RingState state = cell.get();
        ChordId to = envelope.to();
        if (to != null && !to.equals(state.self().id())) {
            throw new PeerException(Reason.NOT_THAT_NODE, "this is node " + state.self().id() + ", not " + to);
        }
        if (!envelope.ringIds().isEmpty() && !names.knows(envelope.ringIds()) && !crossesRings) {
            throw new PeerException(Reason.WRONG_RING,
                    "this node is in ring " + state.ringId() + ", not in " + envelope.ringIds());
        }
    }

    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(RingRequest<A> request) throws PeerException {
        RingState state = cell.get();
        if (request instanceof Ping ping) {
            return (A) pong(ping);
        }
        if (request instanceof RingRequest.Regroup regroup) {
            return (A) regrouping.answer(regroup);
        }
        if (state.status() == RingStatus.JOINING && request instanceof RingRequest.Meet(Peer member)) {
            runtime.start("met", () -> meet(member));
            return (A) new Done();
        }
        if (!state.status().isMember()) {
            throw new PeerException(Reason.NOT_A_MEMBER, state.self().address() + " is not a member of a ring yet");
        }
        return (A) switch (request) {
            case Ping ping -> throw new IllegalStateException("answered above: " + ping);
            case RingRequest.Regroup regroup -> throw new IllegalStateException("answered above: " + regroup);
            case RingRequest.PingFor question -> detector.pingFor(question);
            // in this order: a question that ends in between has changed what is told
            case RingRequest.AskNeighbours ask -> questions.busy()
                    ? Neighbours.busy(state.self()) : Neighbours.of(cell.get());
            case RingRequest.View view -> Neighbours.of(state);
            case RingRequest.GetPointers question -> RingRequest.Pointers.of(state);
            case RingRequest.Join(Peer joiner) -> admission.answer(joiner);
            case RingRequest.NextHop(ChordId key) -> routing.answer(state, key);
            case RingRequest.Notify(Peer candidate) -> {
                steps.submitForOthers("rectify:" + candidate.id(), () -> stabilization.rectify(candidate));
                yield new Done();
            }
            case RingRequest.Meet meet -> {
                merging.hear(meet);
                yield new Done();
            }
            case Spread spread -> {
                hear(spread);
                yield new Done();
            }
        };
    }

    /** The way back into our ring, when those we remember are gone: whoever answers as a member of it. */
    private void meet(Peer member) {
        try {
            Pong pong = detector.ask(member, new Ping());
            if (pong.self().sameNode(member) && pong.status().isMember() && names.recognize(pong.ringIds())) {
                contacts.met(pong.self());
            }
        } catch (PeerException e) {
            log.debug("{} is said to be in our ring, and is silent", member);
        }
    }

    private Pong pong(Ping ping) {
        Peer self = cell.get().self();
        for (Suspect suspect : ping.suspects()) {
            if (suspect.id().equals(self.id()) && suspect.incarnation() >= self.incarnation()) {
                refute(suspect);
            }
        }
        RingState state = cell.get();
        return new Pong(state.self(), names.all(), state.status(), detector.refutations(ping), state.predecessor());
    }

    /** "Not dead": an incarnation that nobody suspects yet says so to everybody (SWIM, section 4.2). */
    private synchronized void refute(Suspect suspect) {
        RingState state = cell.get();
        long ahead = suspect.incarnation() - state.self().incarnation();
        // until it is in again a higher incarnation would say that the process that was let in is gone
        if (state.status() == RingStatus.JOINING || ahead < 0 || ahead > Peer.FURTHEST_AHEAD
                || suspect.incarnation() >= Peer.MAX_INCARNATION
                || runtime.uptime().minus(refutedAt).compareTo(REFUTES_AGAIN_AFTER) < 0) {
            return;
        }
        refutedAt = runtime.uptime();
        long next = suspect.incarnation() + 1;
        identities.refuted(next);
        cell.update(before -> before.withIncarnation(next));
        detector.wasSuspected();
        log.info("somebody suspects this node; it is {} now", cell.get().self());
    }

    /** News are hints, and anybody may have made them up: each is checked first, and then passed on. */
    private void hear(Spread spread) {
        Consumer<News> spreadOn = news -> runtime.start("spread", () -> broadcast.spread(news, spread.limit()));
        switch (spread.news()) {
            case LeaveNotice farewell -> farewells.hear(farewell, () -> spreadOn.accept(farewell));
            case RingsMerged merged -> {
                if (names.knows(merged.ringIds())) {
                    merging.hear(merged, () -> spreadOn.accept(merged));
                }
            }
            default -> newsReader.accept(spread.news(), spreadOn);
        }
    }
}
