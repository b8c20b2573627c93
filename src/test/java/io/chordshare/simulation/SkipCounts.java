package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts which members are skipped, list by list. A member and its list are a chain, and each pair of neighbours in the
 * chain skips the members between them. No list skips a principal.
 */
final class SkipCounts {

    private final NavigableSet<ChordId> members = new TreeSet<>();
    private final Map<ChordId, Integer> skips = new TreeMap<>();
    /** Most lists agree, so each pair is stored once, with the number of chains that contain it. */
    private final Map<ChordId, Map<ChordId, Integer>> pairs = new TreeMap<>();

    /** A member's list changed, or the member is new ({@code before} is empty) or gone ({@code after} is empty). */
    void replace(ChordId self, List<Peer> before, List<Peer> after) {
        forEachPair(self, before, (from, to) -> add(from, to, -1));
        forEachPair(self, after, (from, to) -> add(from, to, 1));
    }

    void joined(RingState member) {
        ChordId id = member.self().id();
        int count = 0;
        for (Map.Entry<ChordId, Map<ChordId, Integer>> from : pairs.entrySet()) {
            for (Map.Entry<ChordId, Integer> to : from.getValue().entrySet()) {
                if (RingInterval.between(from.getKey(), id, to.getKey()) && !id.equals(to.getKey())) {
                    count += to.getValue();
                }
            }
        }
        members.add(id);
        skips.put(id, count);
    }

    void gone(ChordId id) {
        members.remove(id);
        skips.remove(id);
    }

    boolean isPrincipal(ChordId member) {
        return skips.getOrDefault(member, 1) == 0;
    }

    int principals() {
        return (int) skips.values().stream().filter(count -> count == 0).count();
    }

    /** The members that the chain of {@code self} and {@code list} skips. */
    List<ChordId> skippedBy(ChordId self, List<Peer> list) {
        List<ChordId> skipped = new ArrayList<>();
        forEachPair(self, list, (from, to) -> skipped.addAll(between(from, to)));
        return skipped;
    }

    private void add(ChordId from, ChordId to, int count) {
        Map<ChordId, Integer> ends = pairs.computeIfAbsent(from, key -> new TreeMap<>());
        ends.merge(to, count, (a, b) -> a + b == 0 ? null : a + b);
        if (ends.isEmpty()) {
            pairs.remove(from);
        }
        between(from, to).forEach(id -> skips.merge(id, count, Integer::sum));
    }

    private List<ChordId> between(ChordId from, ChordId to) {
        if (from.compareTo(to) < 0) {
            return List.copyOf(members.subSet(from, false, to, false));
        }
        List<ChordId> around = new ArrayList<>(members.tailSet(from, false));
        around.addAll(members.headSet(to, false));
        return around;
    }

    private interface PairReader {
        void read(ChordId from, ChordId to);
    }

    private static void forEachPair(ChordId self, List<Peer> list, PairReader reader) {
        ChordId before = self;
        for (Peer entry : list) {
            reader.read(before, entry.id());
            before = entry.id();
        }
    }
}
