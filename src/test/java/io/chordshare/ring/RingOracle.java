package io.chordshare.ring;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Computes what every pointer must be from the sorted ids of all members. */
public final class RingOracle {

    private final List<SimulatedNode> sorted;

    public RingOracle(Collection<SimulatedNode> members) {
        sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(member -> member.self().id()));
    }

    static List<String> problems(Collection<SimulatedNode> members, int r) {
        RingOracle oracle = new RingOracle(members);
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < oracle.sorted.size(); i++) {
            oracle.check(i, r, problems);
        }
        return problems;
    }

    /** The first member at or after {@code key}. */
    public SimulatedNode owner(ChordId key) {
        return sorted.stream().filter(member -> member.self().id().compareTo(key) >= 0).findFirst()
                .orElse(sorted.getFirst());
    }

    private void check(int i, int r, List<String> problems) {
        int n = sorted.size();
        RingState state = sorted.get(i).state();
        String who = state.self() + ": ";
        RingStatus status = n == 1 ? RingStatus.ALONE : RingStatus.MEMBER;
        if (state.status() != status) {
            problems.add(who + "is " + state.status());
        }
        if (!String.valueOf(sorted.getFirst().state().ringId()).equals(state.ringId())) {
            problems.add(who + "is in ring " + state.ringId());
        }
        Peer predecessor = n == 1 ? null : sorted.get((i + n - 1) % n).self();
        if (predecessor == null ? state.predecessor() != null : !predecessor.equals(state.predecessor())) {
            problems.add(who + "predecessor is " + state.predecessor() + " and not " + predecessor);
        }
        List<Peer> successors = new ArrayList<>();
        for (int next = 1; next <= Math.min(r, n - 1); next++) {
            successors.add(sorted.get((i + next) % n).self());
        }
        if (!state.successors().equals(successors)) {
            problems.add(who + "successors are " + state.successors() + " and not " + successors);
        }
    }

    /** Empty when every finger of every member is the first node at or after its start. */
    public List<String> wrongFingers() {
        List<String> problems = new ArrayList<>();
        for (SimulatedNode member : sorted) {
            RingState state = member.state();
            Map<Integer, Peer> learned = state.fingers().learned();
            for (int exponent = FingerTable.firstUncovered(state); exponent < ChordId.BITS; exponent++) {
                Peer right = owner(state.self().id().plusPowerOfTwo(exponent)).self();
                Peer finger = learned.get(exponent);
                if (finger == null || !finger.sameNode(right)) {
                    problems.add(state.self() + ": finger " + exponent + " is " + finger + " and not " + right);
                }
            }
        }
        return problems;
    }
}
