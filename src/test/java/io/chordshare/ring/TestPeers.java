package io.chordshare.ring;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/** Peers on a ring of 256 positions, scaled to the real ring. */
public final class TestPeers {

    private TestPeers() {}

    public static ChordId at(int position) {
        return ChordId.of(BigInteger.valueOf(position).shiftLeft(ChordId.BITS - 8));
    }

    public static Peer peer(int position) {
        return new Peer(at(position), "http://p" + position + ":80", 1);
    }

    public static List<Peer> peers(int... positions) {
        return Arrays.stream(positions).mapToObj(TestPeers::peer).toList();
    }

    public static RingState member(int self, int predecessor, int... successors) {
        return new RingState(peer(self), "ring", RingStatus.MEMBER, peer(predecessor), at(predecessor),
                peers(successors), FingerTable.EMPTY);
    }
}
