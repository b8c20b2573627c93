package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Hand-made rings with ids from 0 to 99. */
final class Sketch {

    static final String RING = "ring";
    static final int POSITIONS = 100;

    private static final BigInteger STEP =
            BigInteger.ONE.shiftLeft(ChordId.BITS).divide(BigInteger.valueOf(POSITIONS));

    private Sketch() {}

    static ChordId id(int position) {
        return ChordId.of(STEP.multiply(BigInteger.valueOf(position)));
    }

    static Peer peer(int position) {
        return new Peer(id(position), "http://n" + position + ":8080", 1);
    }

    static RingState member(int position, int... successors) {
        return state(position, RingStatus.MEMBER, successors);
    }

    static RingState state(int position, RingStatus status, int... successors) {
        return new RingState(peer(position), RING, status, null, null, list(successors), new FingerTable(Map.of()));
    }

    static RingState withPredecessor(RingState state, int predecessor) {
        return new RingState(state.self(), state.ringId(), state.status(), peer(predecessor), id(predecessor),
                state.successors(), state.fingers());
    }

    static RingState withFingers(RingState state, Map<Integer, Peer> fingers) {
        return new RingState(state.self(), state.ringId(), state.status(), state.predecessor(), state.boundary(),
                state.successors(), new FingerTable(fingers));
    }

    static LiveRing ring(RingState... members) {
        return LiveRing.of(RING, List.of(members));
    }

    static List<Peer> list(int... positions) {
        return Arrays.stream(positions).mapToObj(Sketch::peer).toList();
    }
}
