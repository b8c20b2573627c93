package io.chordshare.ring.membership;

import io.chordshare.ring.lookup.RingWalk;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps on disk which nodes may found the ring again after all nodes were switched off. */
public final class ElectorWatch {

    private static final Logger log = LoggerFactory.getLogger(ElectorWatch.class);

    /** More changes follow a change within moments. Looking at each would cost more than the changes themselves. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(8);
    /** Until the ring was stable for a while ... */
    private static final Duration LOOK_AROUND_EVERY = Duration.ofSeconds(10);
    /** ... and afterwards less often, because all nodes ask the same few nodes. */
    private static final Duration LOOK_AROUND_IN_PEACE_EVERY = Duration.ofSeconds(60);

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final PersistentIdentity persistentIdentity;
    private final RingWalk ringWalk;
    // only the one run of this task accesses this field
    private @Nullable Remembered remembered;
    private List<Peer> seen = List.of();
    private Duration seenSince = Duration.ZERO;
    private @Nullable Duration changedSince;

    private record Remembered(List<Peer> neighbours, Duration at) {}

    public ElectorWatch(ThisNode node, PersistentIdentity persistentIdentity, RingWalk ringWalk) {
        this.runtime = node.runtime();
        this.cell = node.cell();
        this.persistentIdentity = persistentIdentity;
        this.ringWalk = ringWalk;
    }

    /** Looks up the ring's electors when the neighbours changed, and at intervals. */
    public void round() {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        Duration now = runtime.uptime();
        List<Peer> neighbours = state.neighbours();
        Remembered last = remembered;
        persistentIdentity.met(state);
        if (!neighbours.equals(seen)) {
            seen = neighbours;
            seenSince = now;
        }
        if (last != null && !isDue(last, now)) {
            return;
        }
        try {
            persistentIdentity.remember(state, ringWalk.firstAfterZero(state, PersistentIdentity.MAX_ELECTORS));
            remembered = new Remembered(neighbours, now);
            changedSince = null;
        } catch (LookupFailedException e) {
            log.debug("the electors were not found; the next tick tries again: {}", e.getMessage());
        }
    }

    private boolean isDue(Remembered last, Duration now) {
        Duration still = now.minus(seenSince);
        if (last.neighbours().equals(seen)) {
            boolean peace = still.compareTo(LOOK_AROUND_IN_PEACE_EVERY) > 0;
            return now.minus(last.at()).compareTo(peace ? LOOK_AROUND_IN_PEACE_EVERY : LOOK_AROUND_EVERY) > 0;
        }
        if (changedSince == null) {
            changedSince = now;
        }
        // during a long series of changes, look at intervals too
        return still.compareTo(SETTLES_WITHIN) > 0 || now.minus(changedSince).compareTo(LOOK_AROUND_EVERY) > 0;
    }
}
