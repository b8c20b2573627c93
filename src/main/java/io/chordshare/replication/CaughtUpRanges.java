package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges in which this node has caught up with the other members, as the owners confirm regularly. Outside of them
 * "there is none" from this node proves nothing, because it may be new here.
 */
public final class CaughtUpRanges {

    /**
     * An owner compares every few seconds. One that has not done so for this time may have other members in its set.
     */
    private static final Duration VALID_FOR = Duration.ofSeconds(30);
    /** A node is in the owner sets of a handful of owners. */
    private static final int MAX_RANGES = 64;

    /**
     * Wider ranges of one owner that were confirmed before: so many joiners have hardly come before it in so short a
     * time.
     */
    private static final int MAX_WIDER = 8;

    private record Confirmed(RingInterval range, Duration at) {}

    private final NodeRuntime runtime;
    private final BoundedMap<ChordId, List<Confirmed>> byOwner = BoundedMap.byAge(MAX_RANGES);

    CaughtUpRanges(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The owner of {@code range}, which is its end, found this node to have all that it has itself. A wider range that
     * was confirmed before stays until it expires: a joiner that took a part of it took nothing away from here.
     */
    synchronized void confirm(RingInterval range) {
        byOwner.removeIf((owner, ranges) -> ranges.stream().allMatch(this::expired));
        List<Confirmed> before = byOwner.get(range.to());
        if (before == null && byOwner.isFull()) {
            // more owners than there can be: strangers must not push out those that are known
            return;
        }
        List<Confirmed> now = new ArrayList<>();
        if (before != null) {
            before.stream().filter(old -> !expired(old) && old.range().size().compareTo(range.size()) > 0)
                    .limit(MAX_WIDER).forEach(now::add);
        }
        now.add(new Confirmed(range, runtime.uptime()));
        byOwner.put(range.to(), now);
    }

    synchronized boolean covers(ChordId key) {
        return byOwner.values().stream().flatMap(List::stream)
                .anyMatch(confirmed -> !expired(confirmed) && confirmed.range().contains(key));
    }

    private boolean expired(Confirmed confirmed) {
        return runtime.uptime().minus(confirmed.at()).compareTo(VALID_FOR) >= 0;
    }

    /** The node is in another place now, or in none. */
    synchronized void clear() {
        byOwner.clear();
    }
}
