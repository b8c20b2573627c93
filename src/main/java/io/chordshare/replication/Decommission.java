package io.chordshare.replication;

import io.chordshare.placement.Placement;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Totals;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node leaves: it gives its slots to others while it still serves, sends its leave notice, and sets its own
 * copies aside. The leave can be cancelled until the leave notice.
 */
public final class Decommission {

    private static final Logger log = LoggerFactory.getLogger(Decommission.class);

    /** How often the progress is counted anew, and how soon a cancelled leave ends. */
    private static final Duration PASS = Duration.ofSeconds(1);
    private static final Duration PASS_EVERY = Duration.ofMillis(300);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final Placement placement;
    private final RingImport imports;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile @Nullable Progress left;
    private volatile @Nullable String refused;

    Decommission(NodeRuntime runtime, RingNode ring, NodeStore store, Placement placement, RingImport imports) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.placement = placement;
        this.imports = imports;
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
        return running.get() ? Optional.ofNullable(left) : Optional.empty();
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
            left = count(null);
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
        long before = Long.MAX_VALUE;
        try {
            while (!cancelled) {
                if (ring.state().status() != RingStatus.LEAVING) {
                    left = count("this node is cut off from its ring");
                    runtime.sleep(PASS_EVERY);
                    ring.setLeaving(true);
                    continue;
                }
                String first = leavingBefore();
                if (first != null) {
                    left = count(first + " is also leaving and goes first");
                    runtime.sleep(PASS_EVERY);
                    continue;
                }
                if (imports.isWorking()) {
                    left = count("files of the ring that it was in before are being imported");
                    runtime.sleep(PASS_EVERY);
                    continue;
                }
                // while it gave its slots away it may have heard of a recovery, and have set records aside
                if (placement.leave(PASS) && !imports.isWorking()) {
                    sendLeaveNotice(true);
                    return;
                }
                left = count(null);
                long now = placement.slotsLeft();
                if (now >= before && !placement.refusals().isEmpty()) {
                    refused = String.join("; ", placement.refusals());
                    return;
                }
                before = now;
            }
            refused = "the leave was cancelled";
        } catch (StorageException e) {
            refused = "the hand-off failed: " + e.getMessage();
            log.warn("The leave failed because of the disk: {}", e.getMessage());
        } catch (RuntimeException e) {
            refused = "the hand-off failed: look at this node's log";
            throw e;
        } finally {
            placement.stay();
            ring.setLeaving(false);
            left = null;
            running.set(false);
        }
    }

    /** Files in slots that others do not have yet are counted by the share of these slots. */
    private Progress count(@Nullable String blockedBy) {
        Totals totals = store.records().totals();
        long slots = Math.max(1, placement.slots().count());
        long open = placement.slotsLeft();
        return new Progress(Math.ceilDiv(totals.files() * open, slots), Math.ceilDiv(totals.bytes() * open, slots),
                blockedBy);
    }

    /** If two neighbours leave, the one with the higher id waits. Null when none is before this node. */
    private @Nullable String leavingBefore() {
        RingState state = ring.state();
        for (Peer neighbour : state.neighbours()) {
            try {
                boolean leaving = runtime.call(neighbour, new RingRequest.Ping()).status() == RingStatus.LEAVING;
                if (leaving && neighbour.id().compareTo(state.self().id()) < 0) {
                    return neighbour.address();
                }
            } catch (PeerException e) {
                // The ring decides whether it is dead. Until then its part cannot be handed off anyway
                log.debug("{} does not say whether it leaves: {}", neighbour, e.getMessage());
            }
        }
        return null;
    }

    /** @param handedOver whether the others have said that they hold everything that is whole here */
    private void sendLeaveNotice(boolean handedOver) {
        placement.abandon();
        try {
            if (handedOver) {
                ring.depart(true);
            } else {
                ring.departAsNewNode();
            }
            if (ring.state().status() != RingStatus.ALONE) {
                throw new IllegalStateException("the leave notice could not be sent; nothing was set aside");
            }
            // what waits to be imported is nowhere else
            store.setAside(handedOver && store.slotStates().importsLeft() == 0);
        } finally {
            placement.stay();
        }
        log.info("This node left the ring {} hand-off. Its copies are set aside", handedOver ? "after its" : "without");
    }
}
