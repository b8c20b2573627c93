package io.chordshare.ring.membership;

import io.chordshare.runtime.Backoff;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Asks the seeds who they are, one at a time and at growing intervals: a partition may have left them on the other
 * side.
 */
public final class SeedProbe {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    /**
     * For all seeds together. A node that returns at a new address and knows nobody is found by the nodes that have it
     * as a seed.
     */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final NodeRuntime runtime;
    private final Deque<String> seeds;
    private Duration pause = FIRST_PAUSE;
    private Duration nextAt;

    public SeedProbe(NodeRuntime runtime, List<String> seeds) {
        this.runtime = runtime;
        this.seeds = new ArrayDeque<>(seeds);
        nextAt = runtime.uptime().plus(FIRST_PAUSE);
    }

    /** The node at the next seed, when it is time to ask one and it answers. */
    public Optional<Peer> next() {
        if (seeds.isEmpty() || runtime.uptime().compareTo(nextAt) < 0) {
            return Optional.empty();
        }
        String seed = seeds.removeFirst();
        seeds.addLast(seed);
        try {
            return Optional.of(runtime.identify(seed));
        } catch (PeerException e) {
            // the next seed is asked next time
            return Optional.empty();
        } finally {
            pause = Backoff.next(pause, LONGEST_PAUSE.dividedBy(seeds.size()));
            Duration jitter = Duration.ofMillis(runtime.random().nextLong(pause.toMillis()));
            nextAt = runtime.uptime().plus(pause.plus(jitter).dividedBy(2));
        }
    }
}
