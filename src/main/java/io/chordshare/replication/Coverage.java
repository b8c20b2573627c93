package io.chordshare.replication;

import io.chordshare.ring.NodeRuntime;
import io.chordshare.ring.RingId;
import io.chordshare.ring.RingInterval;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ranges in which this node has caught up with the others, as their owners confirm again and again. Outside of them
 * its "there is none" proves nothing: it may simply be new here.
 */
final class Coverage {

    /** An owner compares every few seconds; one that has not for so long may have others in its set by now. */
    private static final Duration VALID_FOR = Duration.ofSeconds(30);
    /** A node is in the owner sets of a handful of owners. */
    private static final int MAX_RANGES = 64;

    private record Confirmed(RingInterval range, Duration at) {}

    private final NodeRuntime runtime;
    private final Map<RingId, Confirmed> byOwner = new LinkedHashMap<>();

    Coverage(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /** The owner of {@code range}, which is its end, found this node to have all that it has itself. */
    synchronized void confirm(RingInterval range) {
        byOwner.remove(range.to());
        byOwner.put(range.to(), new Confirmed(range, runtime.uptime()));
        if (byOwner.size() > MAX_RANGES) {
            byOwner.remove(byOwner.keySet().iterator().next());
        }
    }

    synchronized boolean covers(RingId key) {
        Duration now = runtime.uptime();
        return byOwner.values().stream().anyMatch(confirmed ->
                now.minus(confirmed.at()).compareTo(VALID_FOR) < 0 && confirmed.range().contains(key));
    }

    /** The node is in another place now, or in none. */
    synchronized void clear() {
        byOwner.clear();
    }
}
