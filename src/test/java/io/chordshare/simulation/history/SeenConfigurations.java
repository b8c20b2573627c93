package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configurations that the search has entered: which operations are in order, and the state of the register. A
 * configuration that has used up more open writes than one seen before, and is otherwise equal, leads nowhere that the
 * other one does not lead to.
 */
final class SeenConfigurations {

    /**
     * Certain operations are numbered by call, so those in order are all below {@code from}, and some of a few above.
     */
    private record Key(int from, BitSet above, int state) {}

    /** Looked up only, never walked through. */
    private final Map<Key, List<BitSet>> openWritesUsed = new HashMap<>();
    private final List<Step.Write> openKinds;
    private final Waiting waiting;
    private long compared;

    SeenConfigurations(List<Step.Write> openKinds, Waiting waiting) {
        this.openKinds = openKinds;
        this.waiting = waiting;
    }

    /** Whether the configuration is new, and worth going on from. */
    boolean add(BitSet certain, BitSet open, int state) {
        int from = certain.nextClearBit(0);
        Key key = new Key(from, certain.get(from, Math.max(from, certain.length())), waiting.told(state));
        List<BitSet> seen = openWritesUsed.computeIfAbsent(key, unused -> new ArrayList<>(1));
        for (BitSet one : seen) {
            compared++;
            if (isWithin(one, open)) {
                return false;
            }
        }
        seen.add((BitSet) open.clone());
        return true;
    }

    /**
     * Whether who has used up these can do all that who has used up the others can do: for each write that only the
     * former has used, there is one that only the latter has used, which does the same under no other condition.
     */
    private boolean isWithin(BitSet these, BitSet others) {
        BitSet spent = (BitSet) these.clone();
        spent.andNot(others);
        BitSet left = (BitSet) others.clone();
        left.andNot(these);
        replace(spent, left, true);
        replace(spent, left, false);
        return spent.isEmpty();
    }

    private void replace(BitSet spent, BitSet left, boolean sameCondition) {
        for (int gone = spent.nextSetBit(0); gone >= 0; gone = spent.nextSetBit(gone + 1)) {
            Step.Write write = openKinds.get(gone);
            for (int other = left.nextSetBit(0); other >= 0; other = left.nextSetBit(other + 1)) {
                Step.Write instead = openKinds.get(other);
                if (waiting.told(write.value()) == waiting.told(instead.value())
                        && instead.condition().equals(sameCondition ? write.condition() : Condition.Plain.ALWAYS)) {
                    spent.clear(gone);
                    left.clear(other);
                    break;
                }
            }
        }
    }

    /** How many comparisons of sets of open writes were made. */
    long compared() {
        return compared;
    }
}
