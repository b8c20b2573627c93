package io.chordshare.replication;

import io.chordshare.replication.Handoff.Left;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node leaves: it hands over while it goes on serving, closes its doors to new data, hands over the rest, says
 * farewell, and sets its own copies aside. Can be cancelled until the farewell.
 */
public final class Decommission {

    private static final Logger log = LoggerFactory.getLogger(Decommission.class);

    /** Between two passes: time for the others to fetch what they were told to. */
    private static final Duration PASS_EVERY = Duration.ofMillis(300);
    /** With the doors closed uploads elsewhere have to wait, so this part must be short or start over. */
    private static final int LAST_PASSES = 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final Replica replica;
    private final Handoff handover;
    private final CaughtUpRanges coverage;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile @Nullable Left left;
    private volatile @Nullable String refused;

    Decommission(NodeRuntime runtime, RingNode ring, NodeStore store, Replica replica, Handoff handover,
            CaughtUpRanges coverage) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.replica = replica;
        this.handover = handover;
        this.coverage = coverage;
    }

    /**
     * What is left to hand over.
     *
     * @param filesLeft files that are not yet where they belong without this node
     * @param bytesLeft their size
     * @param blockedBy what stands in the way, or null
     */
    public record Progress(long filesLeft, long bytesLeft, @Nullable String blockedBy) {}

    /** Empty when this node is not leaving. */
    public Optional<Progress> progress() {
        Left now = left;
        return running.get() && now != null
                ? Optional.of(new Progress(now.filesLeft(), now.bytesLeft(), now.blockedBy())) : Optional.empty();
    }

    public boolean isRunning() {
        return running.get();
    }

    /** Why the last attempt was given up; empty when it was not. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refused);
    }

    /** Begins to leave in the background, unless that is under way already. A ring of one has nobody to leave. */
    public void begin() {
        if (ring.state().status() != RingStatus.ALONE && running.compareAndSet(false, true)) {
            cancelled = false;
            refused = null;
            left = new Left(store.records().totals().files(), store.records().totals().bytes(), null, false);
            ring.setLeaving(true);
            runtime.start("leave", this::run);
        }
    }

    /** Waits until this node has left or stays after all. False when neither happened in {@code limit}. */
    public boolean await(Duration limit) throws InterruptedException {
        Duration deadline = runtime.uptime().plus(limit);
        while (running.get()) {
            if (runtime.uptime().compareTo(deadline) > 0) {
                return false;
            }
            runtime.sleep(LOOK_EVERY);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }

    /** Stays after all. Too late once the farewell is said. */
    public void cancel() {
        cancelled = true;
    }

    /** Leaves now, whatever is left to hand over. A ring of one has nobody to leave, and keeps its files. */
    public void force() {
        if (ring.state().status() == RingStatus.ALONE) {
            return;
        }
        cancelled = true;
        farewell(false);
    }

    private void run() {
        try {
            while (!cancelled) {
                if (ring.state().status() != RingStatus.LEAVING) {
                    left = new Left(store.records().totals().files(), store.records().totals().bytes(),
                            "this node is cut off from its ring", false);
                    runtime.sleep(PASS_EVERY);
                    ring.setLeaving(true);
                    continue;
                }
                if (waitForNeighbours() && handOver() && lastPasses()) {
                    farewell(true);
                    return;
                }
                Left now = left;
                if (now != null && now.hopeless()) {
                    refused = now.blockedBy();
                    return;
                }
                runtime.sleep(PASS_EVERY);
            }
            refused = "the leave was cancelled";
        } catch (StorageException e) {
            refused = "the hand-over failed: " + e.getMessage();
            log.warn("the leave was given up, because the disk did not do its part: {}", e.getMessage());
        } catch (RuntimeException e) {
            refused = "the hand-over failed: this node's log says why";
            throw e;
        } finally {
            replica.close(false);
            ring.setLeaving(false);
            left = null;
            running.set(false);
        }
    }

    /** Of two neighbours that leave, the one with the higher id waits. */
    private boolean waitForNeighbours() {
        RingState state = ring.state();
        List<Peer> neighbours = new ArrayList<>(state.successors());
        if (state.predecessor() != null) {
            neighbours.add(state.predecessor());
        }
        for (Peer neighbour : neighbours) {
            try {
                boolean leaving = runtime.call(neighbour, new RingRequest.Ping()).status() == RingStatus.LEAVING;
                if (leaving && neighbour.id().compareTo(state.self().id()) < 0) {
                    Left now = handover.pass();
                    left = new Left(now.filesLeft(), now.bytesLeft(), neighbour.address()
                            + " is leaving, too, and goes first",
                            false);
                    return false;
                }
            } catch (PeerException e) {
                // whether it is dead is for the ring to find out; until then its part cannot be handed over anyway
                log.debug("{} does not say whether it leaves: {}", neighbour, e.getMessage());
            }
        }
        return true;
    }

    private boolean handOver() {
        Left now = handover.pass();
        left = now;
        return now.done();
    }

    private boolean lastPasses() {
        replica.close(true);
        for (int pass = 0; pass < LAST_PASSES && !cancelled; pass++) {
            if (handOver()) {
                return true;
            }
            runtime.sleep(PASS_EVERY);
        }
        replica.close(false);
        return false;
    }

    /** @param handedOver whether the others have said that they hold everything that is whole here */
    private void farewell(boolean handedOver) {
        replica.close(true);
        ring.depart(true);
        if (ring.state().status() != RingStatus.ALONE) {
            replica.close(false);
            throw new IllegalStateException("the farewell could not be said; nothing was set aside");
        }
        coverage.clear();
        store.setAside(handedOver);
        replica.close(false);
        log.info("{}; the copies here are set aside", handedOver ? "handed over and left"
                : "left without handing over");
    }
}
