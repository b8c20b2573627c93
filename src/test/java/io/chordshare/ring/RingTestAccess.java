package io.chordshare.ring;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the simulator may do to a ring node that nobody else may. */
public final class RingTestAccess {

    public static final int MAX_ELECTORS = Identities.MAX_ELECTORS;

    private RingTestAccess() {}

    /** The settings of production but for these. */
    public static RingSettings settings(int successors, List<String> seeds) {
        return new RingSettings(successors, seeds, RingSettings.REPING_AFTER);
    }

    /** Puts a node that has just been built into a state, without the steps that lead there. */
    public static void place(RingNode node, RingState state) {
        try {
            Field cell = RingNode.class.getDeclaredField("cell");
            cell.setAccessible(true);
            ((StateCell) cell.get(node)).update(before -> state);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("RingNode keeps its state somewhere else now", e);
        }
    }

    /** The state of the {@code i}th of {@code members}, which are in ring order, when every pointer is right. */
    public static RingState ideal(List<Peer> members, int i, int successors, String ringId) {
        int size = members.size();
        Peer self = members.get(i);
        if (size == 1) {
            return RingState.alone(self, ringId);
        }
        Peer predecessor = members.get((i + size - 1) % size);
        RingState bare = new RingState(self, ringId, RingStatus.MEMBER, predecessor, predecessor.id(),
                successorsOf(members, i, successors), FingerTable.EMPTY);
        Map<Integer, Peer> fingers = new TreeMap<>();
        for (int exponent = FingerTable.firstUncovered(bare); exponent < RingId.BITS; exponent++) {
            fingers.put(exponent, owner(members, self.id().plusPowerOfTwo(exponent)));
        }
        return bare.withFingers(new FingerTable(fingers));
    }

    /** Whom that member knows by its pointers, fingers aside. */
    public static List<Peer> neighbours(List<Peer> members, int i, int successors) {
        List<Peer> neighbours = new ArrayList<>(successorsOf(members, i, successors));
        Peer predecessor = members.get((i + members.size() - 1) % members.size());
        if (members.size() > 1 && neighbours.stream().noneMatch(predecessor::sameNode)) {
            neighbours.add(predecessor);
        }
        return neighbours;
    }

    private static List<Peer> successorsOf(List<Peer> members, int i, int successors) {
        List<Peer> list = new ArrayList<>(successors);
        for (int next = 1; next <= Math.min(successors, members.size() - 1); next++) {
            list.add(members.get((i + next) % members.size()));
        }
        return list;
    }

    private static Peer owner(List<Peer> members, RingId key) {
        int found = Collections.binarySearch(members, new Peer(key, "", 0),
                (one, other) -> one.id().compareTo(other.id()));
        return members.get((found >= 0 ? found : -found - 1) % members.size());
    }
}
