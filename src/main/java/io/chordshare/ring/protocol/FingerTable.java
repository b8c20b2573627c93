package io.chordshare.ring.protocol;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shortcuts: for an exponent i, the first node at or after self + 2^i (ToN 2003, section IV-D). Immutable. Slots that
 * the successor list covers are not stored; {@link #slots} adds them.
 */
public record FingerTable(Map<Integer, Peer> learned) {

    public static final FingerTable EMPTY = new FingerTable(Map.of());

    public FingerTable {
        // a sorted map, because every run must walk the fingers in the same order
        learned = Collections.unmodifiableMap(new TreeMap<>(learned));
    }

    /**
     * One slot of the table.
     *
     * @param start the start of the slot: self + 2^i
     * @param node  the first node at or after the start; this node itself when there is no other
     */
    public record Slot(ChordId start, Peer node) {}

    public FingerTable with(int from, int to, Peer node) {
        if (IntStream.rangeClosed(from, to).allMatch(exponent -> node.equals(learned.get(exponent)))) {
            return this;
        }
        Map<Integer, Peer> next = new TreeMap<>(learned);
        for (int exponent = from; exponent <= to; exponent++) {
            next.put(exponent, node);
        }
        return new FingerTable(next);
    }

    /** Removes a finger. Its slots stay empty until the next refresh. */
    public FingerTable without(ChordId id) {
        if (learned.values().stream().noneMatch(peer -> peer.id().equals(id))) {
            return this;
        }
        Map<Integer, Peer> next = new TreeMap<>(learned);
        next.values().removeIf(peer -> peer.id().equals(id));
        return new FingerTable(next);
    }

    /** Drops the slots that the successor list covers, so that they cannot contradict the list. */
    public FingerTable from(int exponent) {
        if (learned.isEmpty() || learned.keySet().iterator().next() >= exponent) {
            return this;
        }
        return new FingerTable(new TreeMap<>(learned).tailMap(exponent));
    }

    public Collection<Peer> peers() {
        Map<ChordId, Peer> distinct = new LinkedHashMap<>();
        learned.values().forEach(peer -> distinct.put(peer.id(), peer));
        return distinct.values();
    }

    /** The first exponent whose slot starts beyond the successor list. The list itself covers the slots below it. */
    public static int firstUncovered(RingState state) {
        if (state.successors().isEmpty()) {
            return ChordId.BITS;
        }
        ChordId self = state.self().id();
        RingInterval covered = new RingInterval(self, state.successors().getLast().id());
        int exponent = 0;
        while (exponent < ChordId.BITS && covered.contains(self.plusPowerOfTwo(exponent))) {
            exponent++;
        }
        return exponent;
    }

    /** The known slots in order, with each node once, at its first slot. */
    public static List<Slot> slots(RingState state) {
        List<Slot> slots = new ArrayList<>();
        ChordId self = state.self().id();
        for (int exponent = 0; exponent < ChordId.BITS; exponent++) {
            ChordId start = self.plusPowerOfTwo(exponent);
            Peer node = at(state, exponent, start);
            if (node != null && (slots.isEmpty() || !slots.getLast().node().sameNode(node))) {
                slots.add(new Slot(start, node));
            }
        }
        return slots;
    }

    private static @Nullable Peer at(RingState state, int exponent, ChordId start) {
        if (state.successors().isEmpty()) {
            return state.self();
        }
        ChordId before = state.self().id();
        for (Peer successor : state.successors()) {
            if (new RingInterval(before, successor.id()).contains(start)) {
                return successor;
            }
            before = successor.id();
        }
        return state.fingers().learned().get(exponent);
    }
}
