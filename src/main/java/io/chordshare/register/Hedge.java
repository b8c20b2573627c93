package io.chordshare.register;

import io.chordshare.id.ChordId;
import io.chordshare.placement.View;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a reader asks first, and how long it waits before it asks the others, too. A majority is asked at first. So a
 * read costs as few messages as it can, and one member that hangs costs it one hedged request (Dean and Barroso, The
 * Tail at Scale, 2013): the others are asked when an answer takes longer than nearly all do.
 */
final class Hedge {

    /** Before any answer was timed. */
    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    /** An answer within a machine takes less, but threads may have to wait for a core. */
    private static final Duration SHORTEST_DELAY = Duration.ofMillis(10);
    /** A user notices more. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(500);
    /** Who was late is asked last for this time. */
    private static final Duration AVOIDED_FOR = Duration.ofSeconds(5);
    /** More than the members of the views that a node reads from at a time. */
    private static final int MAX_AVOIDED = 256;
    /** The weights of RFC 6298, section 2, as divisors: of the smoothed time and of its variation. */
    private static final int TIME_WEIGHT = 8;
    private static final int VARIATION_WEIGHT = 4;
    private static final int VARIATIONS = 4;

    private final NodeRuntime runtime;
    private final BoundedMap<ChordId, Duration> avoidedUntil = BoundedMap.byAge(MAX_AVOIDED);
    private long smoothedNanos = -1;
    private long variationNanos;

    Hedge(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The members of a view in the order in which they are asked: this node, whose answer needs no message, then the
     * others from a random one on, and at last those that were late.
     */
    List<Peer> order(View view, ChordId self) {
        List<Peer> first = new ArrayList<>();
        List<Peer> last = new ArrayList<>();
        int size = view.members().size();
        int start = runtime.random().nextInt(size);
        for (int i = 0; i < size; i++) {
            Peer member = view.members().get((start + i) % size);
            if (member.id().equals(self)) {
                first.addFirst(member);
            } else if (isAvoided(member)) {
                last.add(member);
            } else {
                first.add(member);
            }
        }
        first.addAll(last);
        return first;
    }

    private synchronized boolean isAvoided(Peer member) {
        Duration until = avoidedUntil.get(member.id());
        return until != null && runtime.uptime().compareTo(until) < 0;
    }

    /** How long to wait for answers before the others are asked. */
    synchronized Duration delay() {
        if (smoothedNanos < 0) {
            return FIRST_DELAY;
        }
        return Duration.ofNanos(Math.clamp(smoothedNanos + VARIATIONS * variationNanos, SHORTEST_DELAY.toNanos(),
                LONGEST_DELAY.toNanos()));
    }

    /** A member has answered. */
    synchronized void answered(Duration took) {
        long nanos = took.toNanos();
        if (smoothedNanos < 0) {
            smoothedNanos = nanos;
            variationNanos = nanos / 2;
            return;
        }
        variationNanos += (Math.abs(smoothedNanos - nanos) - variationNanos) / VARIATION_WEIGHT;
        smoothedNanos += (nanos - smoothedNanos) / TIME_WEIGHT;
    }

    /** A member has not answered in time, or not at all. */
    synchronized void late(Peer member) {
        avoidedUntil.put(member.id(), runtime.uptime().plus(AVOIDED_FOR));
    }
}
