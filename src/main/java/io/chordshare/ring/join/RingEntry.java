package io.chordshare.ring.join;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.JoinFailedException.Reason;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this node comes to be in a ring: by founding one, by joining another's, or by making two one. */
public final class RingEntry {

    private static final Logger log = LoggerFactory.getLogger(RingEntry.class);

    /** A person waits for the answer: one lost ping must not be a no. */
    private static final int PINGS = 3;

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final StepQueue steps;
    private final JoinStep joining;
    private final Stabilization stabilization;
    private final FailureDetector detector;
    private final PersistentIdentity identities;
    private final KnownPeers contacts;
    private final RingIds names;
    private final RingUnification merging;
    private final Runnable afterEntry;
    private volatile boolean stopped;

    /** @param afterEntry called when this node has got in: must only start the work */
    public RingEntry(ThisNode node, Membership membership, JoinStep joining, Stabilization stabilization,
            FailureDetector detector, RingUnification merging, Runnable afterEntry) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.steps = node.steps();
        this.joining = joining;
        this.stabilization = stabilization;
        this.detector = detector;
        this.identities = membership.identity();
        this.contacts = membership.known();
        this.names = membership.ringIds();
        this.merging = merging;
        this.afterEntry = afterEntry;
    }

    /** Whether this node still has to get in. */
    boolean isWanted() {
        return !stopped && !cell.get().status().isMember();
    }

    /** No more attempts to get in. */
    public void stop() {
        stopped = true;
    }

    /** A ring of one. @param ringId of the ring it was, or null for a new one */
    void found(@Nullable String ringId) {
        ChordId random = ChordId.random(runtime.random());
        steps.runAndWait("found", () -> {
            if (cell.get().status() == RingStatus.JOINING) {
                if (ringId == null) {
                    names.enter(List.of(random.toString()));
                }
                RingState alone = cell.update(state ->
                        RingState.alone(state.self(), ringId == null ? random.toString() : ringId));
                identities.entered(alone);
                log.info("{} is a ring of one, {}", alone.self(), alone.ringId());
            }
        });
    }

    /**
     * The first to begin a ring that was switched off. It serves nobody until a second node is in: it may be cut off.
     *
     * @param until when it may not begin any more
     */
    void foundAgain(Duration until) {
        steps.runAndWait("found", () -> {
            if (cell.get().status() == RingStatus.JOINING && runtime.uptime().compareTo(until) < 0) {
                cell.update(state -> state.withStatus(RingStatus.ISOLATED));
                log.info("{} begins ring {} again: most of its members are starting", cell.get().self(), names.name());
            }
        });
    }

    /**
     * Joins the ring of the node at {@code address}; returns once this node is a member there.
     *
     * @param merge whether the whole ring of this node comes along, if it has others in it
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
            merging.unite(memberAt(entry), deadline);
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

    /** As {@link #join}, but from a task of the ring's own. */
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

    /** @param asked a person or a setting named the entry; otherwise it must be of the ring that we know */
    private void enterNow(Peer entry, boolean asked) throws JoinFailedException {
        RingState before = cell.get();
        if (entry.sameNode(before.self())) {
            throw new JoinFailedException(Reason.ONESELF, entry.address()
                    + " is this node itself; give the address of another node");
        }
        Pong pong = ping(entry);
        boolean sameRing = names.recognize(pong.ringIds());
        if (before.status() == RingStatus.MEMBER && sameRing) {
            return;
        }
        boolean withOthers = before.status() != RingStatus.ALONE && before.status() != RingStatus.JOINING;
        if (withOthers || (!asked && !sameRing && !identities.atStart().left())) {
            throw new JoinFailedException(Reason.IN_ANOTHER_RING, "this node is a member of ring " + before.ringId()
                    + ", and " + entry.address() + " of ring " + String.join(" or ", pong.ringIds())
                    + ". Leave the first (POST /ring/leave), name a node of the same ring, or make the two rings one"
                    + " with \"merge\": true");
        }
        refuseUnlessMember(entry, pong);
        enterThrough(entry, pong.ringIds(), before, sameRing);
    }

    private void enterThrough(Peer entry, List<String> ringIds, RingState before, boolean sameRing)
            throws JoinFailedException {
        Peer self = before.self();
        // a node that was never with others has no place to come back to, and may draw a better one
        boolean keepsPlace = sameRing || !contacts.all().isEmpty();
        cell.update(state -> state.withStatus(RingStatus.JOINING));
        try {
            joining.join(entry, ringIds, new JoinStep.Newcomer(keepsPlace ? self.id() : null, self.address(),
                    self.incarnation()));
        } catch (JoinFailedException e) {
            cell.update(state -> before);
            throw e;
        }
        contacts.met(entry);
        cell.get().neighbours().forEach(contacts::met);
        identities.entered(cell.get());
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
