package io.chordshare.ring.join;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.JoinFailedException.Reason;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this node gets into a ring: it founds one, joins one, or merges two. */
public final class RingEntry {

    private static final Logger log = LoggerFactory.getLogger(RingEntry.class);

    /** A person waits for the result, so one lost ping must not fail the join. */
    private static final int PINGS = 3;
    private static final Duration OTHERS_ANSWER_WITHIN = Duration.ofSeconds(3);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final JoinStep joining;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final PersistentIdentity persistentIdentity;
    private final KnownPeers knownPeers;
    private final RingIds ringIds;
    private final RingUnification merging;
    private final Runnable afterEntry;
    private volatile boolean stopped;

    /** @param afterEntry called when this node is in a ring; must only start the work */
    public RingEntry(ThisNode node, Membership membership, JoinStep joining, Stabilization stabilization,
            FailureDetector detector, RingUnification merging, Runnable afterEntry) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.joining = joining;
        this.stabilization = stabilization;
        this.detector = detector;
        this.persistentIdentity = membership.identity();
        this.knownPeers = membership.known();
        this.ringIds = membership.ringIds();
        this.merging = merging;
        this.afterEntry = afterEntry;
    }

    /** Whether this node still has to enter a ring. */
    boolean isWanted() {
        return !stopped && !cell.get().status().isMember();
    }

    /** Stops all attempts to enter a ring. */
    public void stop() {
        stopped = true;
    }

    /** Founds a ring of one. @param ringId of the earlier ring, or null for a new one */
    void found(@Nullable String ringId) {
        String newId = ringIds.newId(ChordId.random(runtime.random()));
        steps.runAndWait("found", () -> {
            if (cell.get().status() == RingStatus.JOINING) {
                if (ringId == null) {
                    ringIds.enter(List.of(newId));
                }
                RingState alone = cell.update(state ->
                        RingState.alone(state.self(), ringId == null ? newId : ringId));
                persistentIdentity.entered(alone);
                log.info("{} is a ring of one, {}", alone.self(), alone.ringId());
            }
        });
    }

    /**
     * Founds the ring again, as the first of its nodes. Until a second node is in, this node serves nobody: it may be
     * partitioned.
     *
     * @param until the end of the time in which this node may found the ring
     */
    void foundAgain(Duration until) {
        steps.runAndWait("found", () -> {
            if (cell.get().status() == RingStatus.JOINING && runtime.uptime().compareTo(until) < 0) {
                cell.update(state -> state.withStatus(RingStatus.ISOLATED));
                log.info("{} founds ring {} again: a majority of its electors is starting",
                    cell.get().self(), ringIds.name());
            }
        });
    }

    /**
     * A person says that the other nodes will not come back: if this node finds none of them, it goes on alone in the
     * same ring. Nodes that come back nevertheless find it, as after a partition.
     *
     * @return a node of this ring that answers: then this node does not go on alone
     */
    public Optional<Peer> standAlone() {
        if (cell.get().status().canServe()) {
            return Optional.empty();
        }
        Optional<Peer> other = anyOther();
        if (other.isEmpty()) {
            standAloneNow();
        }
        return other;
    }

    /** A node of this ring that answers, in whatever state it is. */
    private Optional<Peer> anyOther() {
        List<PeerCall<Peer>> calls = new ArrayList<>();
        for (Peer peer : persistentIdentity.remembered()) {
            if (!peer.sameNode(cell.get().self())) {
                calls.add(() -> {
                    Pong pong = runtime.call(peer, new RingRequest.Ping(), OTHERS_ANSWER_WITHIN);
                    if (!ringIds.knows(pong.ringIds())) {
                        throw new PeerException(PeerException.Reason.WRONG_RING, peer + " is in another ring");
                    }
                    return pong.self();
                });
            }
        }
        return Outcome.answers(runtime.gather(calls)).stream().findFirst();
    }

    private void standAloneNow() {
        steps.runAndWait("stand alone", () -> {
            RingState before = cell.get();
            boolean isCutOff = before.status() == RingStatus.ISOLATED || before.status() == RingStatus.JOINING;
            if (!isCutOff || before.ringId() == null || !before.successors().isEmpty()) {
                return;
            }
            // not as one that founds a ring: the ring exists, and others have its data
            cell.update(state -> state.withStatus(RingStatus.ISOLATED));
            RingState alone = cell.update(state ->
                    RingState.alone(state.self(), Objects.requireNonNull(state.ringId())));
            persistentIdentity.entered(alone);
            log.warn("{} goes on alone in ring {}: a person says that the others are gone", alone.self(),
                    alone.ringId());
        });
    }

    /**
     * Joins the ring of the node at {@code address}. Returns when this node is a member there.
     *
     * @param merge whether to merge this node's whole ring, if it has other nodes in it
     */
    public void join(String address, boolean merge, Duration wait)
            throws JoinFailedException, TimeoutException, InterruptedException {
        Duration deadline = runtime.uptime().plus(wait);
        Peer entry;
        try {
            entry = runtime.identify(address);
        } catch (PeerException e) {
            throw new JoinFailedException(Reason.NOBODY_THERE, e.getMessage());
        }
        if (merge && cell.get().status() == RingStatus.MEMBER && !entry.sameNode(cell.get().self())) {
            merging.mergeRings(memberAt(entry), deadline);
            return;
        }
        CompletableFuture<Void> joined = new CompletableFuture<>();
        boolean queued = steps.submit("join", () -> {
            try {
                enterNow(entry, true);
                joined.complete(null);
            } catch (JoinFailedException | RuntimeException e) {
                joined.completeExceptionally(e);
            }
        });
        if (!queued) {
            throw new JoinFailedException(Reason.NO_ROOM_NOW, "this node is joining already; see GET /ring");
        }
        if (!runtime.await(joined, deadline.minus(runtime.uptime()))) {
            throw new TimeoutException("still trying after " + wait);
        }
        try {
            joined.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JoinFailedException refused) {
                throw refused;
            }
            throw new IllegalStateException("joining failed", e.getCause());
        }
    }

    /** As {@link #join}, but called by a task of the ring. */
    void enter(Peer entry, boolean asked) throws JoinFailedException {
        List<JoinFailedException> failure = new ArrayList<>(1);
        steps.runAndWait("enter", () -> {
            try {
                enterNow(entry, asked);
            } catch (JoinFailedException e) {
                failure.add(e);
            }
        });
        if (!failure.isEmpty()) {
            throw failure.getFirst();
        }
    }

    /** @param asked whether a person or a setting named the entry; otherwise the entry must be in the known ring */
    private void enterNow(Peer entry, boolean asked) throws JoinFailedException {
        RingState before = cell.get();
        if (entry.sameNode(before.self())) {
            throw new JoinFailedException(Reason.ONESELF, entry.address()
                    + " is this node itself; give the address of another node");
        }
        Pong pong = ping(entry);
        boolean sameRing = ringIds.recognize(pong.ringIds());
        if (before.status() == RingStatus.MEMBER && sameRing) {
            return;
        }
        boolean withOthers = before.status() != RingStatus.ALONE && before.status() != RingStatus.JOINING;
        if (withOthers || (!asked && !sameRing && !persistentIdentity.atStart().left())) {
            throw new JoinFailedException(Reason.IN_ANOTHER_RING, "this node is a member of ring " + before.ringId()
                    + ", and " + entry.address() + " of ring " + String.join(" or ", pong.ringIds())
                    + ". Leave the first (POST /ring/leave), name a node of the same ring, or make the two rings one"
                    + " with \"merge\": true");
        }
        refuseUnlessMember(entry, pong);
        enterThrough(entry, pong.ringIds(), before, sameRing);
    }

    private void enterThrough(Peer entry, List<String> theirIds, RingState before, boolean sameRing)
            throws JoinFailedException {
        Peer self = before.self();
        // a node that was never in a ring with others has no place to return to, and may choose a better id
        boolean keepsPlace = sameRing || !knownPeers.all().isEmpty();
        cell.update(state -> state.withStatus(RingStatus.JOINING));
        try {
            joining.join(entry, theirIds, new JoinStep.Newcomer(keepsPlace ? self.id() : null, self.address(),
                    self.incarnation()));
        } catch (JoinFailedException e) {
            cell.update(state -> before);
            throw e;
        }
        knownPeers.met(entry);
        cell.get().neighbours().forEach(knownPeers::met);
        persistentIdentity.entered(cell.get());
        stabilization.stabilize();
        afterEntry.run();
    }

    private Pong memberAt(Peer entry) throws JoinFailedException {
        Pong pong = ping(entry);
        refuseUnlessMember(entry, pong);
        return pong;
    }

    private static void refuseUnlessMember(Peer entry, Pong pong) throws JoinFailedException {
        if (!pong.status().isMember()) {
            throw new JoinFailedException(Reason.NOT_A_MEMBER, entry.address()
                    + " is not a member of a ring itself yet; try again in a moment, or name another node");
        }
    }

    private Pong ping(Peer entry) throws JoinFailedException {
        String problem = "";
        for (int tries = 0; tries < PINGS; tries++) {
            try {
                return detector.ask(entry, new RingRequest.Ping());
            } catch (PeerException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        throw new JoinFailedException(Reason.NOBODY_THERE, problem);
    }
}
