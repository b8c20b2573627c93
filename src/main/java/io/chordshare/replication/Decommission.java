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
 * How a node leaves: it hands off its data while it still serves requests, then refuses new data, hands off the rest,
 * sends its leave notice, and sets its own copies aside. The leave can be cancelled until the leave notice.
 */
public final class Decommission {

    private static final Logger log = LoggerFactory.getLogger(Decommission.class);

    /** Time between two passes, for the other nodes to fetch their copies. */
    private static final Duration PASS_EVERY = Duration.ofMillis(300);
    /** While this node refuses new data, uploads at other nodes wait. So this phase must be short, or start again. */
    private static final int LAST_PASSES = 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final Replica replica;
    private final Handoff handoff;
    private final CaughtUpRanges coverage;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile @Nullable Left left;
    private volatile @Nullable String refused;

    Decommission(NodeRuntime runtime, RingNode ring, NodeStore store, Replica replica, Handoff handoff,
            CaughtUpRanges coverage) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.replica = replica;
        this.handoff = handoff;
        this.coverage = coverage;
    }

    /**
     * What remains to be handed off.
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

    /** Why the last attempt failed; empty if it did not. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refused);
    }

    /** Starts the leave in the background, unless it already runs. Fails in a ring of one. */
    public void begin() {
        if (ring.state().status() != RingStatus.ALONE && running.compareAndSet(false, true)) {
            cancelled = false;
            refused = null;
            left = new Left(store.records().totals().files(), store.records().totals().bytes(), null, false);
            ring.setLeaving(true);
            runtime.start("leave", this::run);
        }
    }

    /**
     * Waits until this node has left or the leave ended otherwise. False when neither happened within {@code limit}.
     */
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

    /** Cancels the leave. Too late after the leave notice. */
    public void cancel() {
        cancelled = true;
    }

    /** Leaves now, even if data was not handed off. A ring of one cannot leave, and keeps its files. */
    public void force() {
        if (ring.state().status() == RingStatus.ALONE) {
            return;
        }
        cancelled = true;
        sendLeaveNotice(false);
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
                if (waitForNeighbours() && handOff() && lastPasses()) {
                    sendLeaveNotice(true);
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
            refused = "the hand-off failed: " + e.getMessage();
            log.warn("The leave failed because of the disk: {}", e.getMessage());
        } catch (RuntimeException e) {
            refused = "the hand-off failed: look at this node's log";
            throw e;
        } finally {
            replica.close(false);
            ring.setLeaving(false);
            left = null;
            running.set(false);
        }
    }

    /** If two neighbours leave, the one with the higher id waits. */
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
                    Left now = handoff.pass();
                    left = new Left(now.filesLeft(), now.bytesLeft(), neighbour.address()
                            + " is also leaving and goes first", false);
                    return false;
                }
            } catch (PeerException e) {
                // The ring decides whether it is dead. Until then its part cannot be handed off anyway
                log.debug("{} does not say whether it leaves: {}", neighbour, e.getMessage());
            }
        }
        return true;
    }

    private boolean handOff() {
        Left now = handoff.pass();
        left = now;
        return now.done();
    }

    private boolean lastPasses() {
        replica.close(true);
        for (int pass = 0; pass < LAST_PASSES && !cancelled; pass++) {
            if (handOff()) {
                return true;
            }
            runtime.sleep(PASS_EVERY);
        }
        replica.close(false);
        return false;
    }

    /** @param handedOver whether the others have said that they hold everything that is whole here */
    private void sendLeaveNotice(boolean handedOver) {
        replica.close(true);
        ring.depart(true);
        if (ring.state().status() != RingStatus.ALONE) {
            replica.close(false);
            throw new IllegalStateException("the leave notice could not be sent; nothing was set aside");
        }
        coverage.clear();
        store.setAside(handedOver);
        replica.close(false);
        log.info("This node left the ring {} hand-off. Its copies are set aside", handedOver ? "after its" : "without");
    }
}
