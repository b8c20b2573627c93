package io.chordshare.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hash of everything that happened: two runs that differ anywhere have different hashes. Keeps the last entries for
 * people, and formats them only on request.
 */
public final class EventLog {

    /** Enough to see what led to a failure, and short enough to read. */
    private static final int KEPT = 200;
    /** Kinds, separated by commas, that are printed from the beginning of the run as they happen. */
    private static final Set<String> TRACED = Set.of(System.getProperty("chordshare.trace", "").split(","));

    /** The kind of an entry. */
    enum Kind {
        STARTED, CRASHED, PAUSED, WENT_ON, TICKED, WOKE, CHANGED, GAVE_UP, FAULT,
        SENT, DOUBLED, LOST, REFUSED, ARRIVED, ANSWERED, RECEIVED, TIMED_OUT
    }

    private final long[] times = new long[KEPT];
    private final Kind[] kinds = new Kind[KEPT];
    private final @Nullable SimulatedNode[] nodes = new SimulatedNode[KEPT];
    private final @Nullable Object[] contents = new Object[KEPT];
    private long entries;
    private long hash;

    void add(long nanos, Kind kind, @Nullable SimulatedNode node, @Nullable Object content) {
        int slot = (int) (entries++ % KEPT);
        times[slot] = nanos;
        kinds[slot] = kind;
        nodes[slot] = node;
        contents[slot] = content;
        if (TRACED.contains(kind.name())) {
            System.out.println(line(slot));
        }
        long event = Fingerprint.mix(nanos, kind.ordinal() + ((long) (node == null ? -1 : node.number()) << 8));
        hash = Fingerprint.mix(Fingerprint.mix(hash, event), Fingerprint.of(content));
    }

    /** The hash of all entries so far. */
    public long hash() {
        return hash;
    }

    public long entries() {
        return entries;
    }

    /** The last entries, oldest first. */
    public List<String> last() {
        List<String> lines = new ArrayList<>();
        for (long entry = Math.max(0, entries - KEPT); entry < entries; entry++) {
            lines.add(line((int) (entry % KEPT)));
        }
        return lines;
    }

    private String line(int slot) {
        return "%14s %-10s %s %s".formatted(Duration.ofNanos(times[slot]).toString().substring(2), kinds[slot],
                nodes[slot] == null ? "" : nodes[slot], contents[slot] == null ? "" : contents[slot]);
    }
}
