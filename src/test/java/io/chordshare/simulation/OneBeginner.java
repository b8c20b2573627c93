package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import java.util.Set;
import java.util.TreeSet;

/** Checks that at most one node founds a ring again that was switched off. */
final class OneBeginner implements Observer {

    private final Set<ChordId> seen = new TreeSet<>();

    @Override
    public void changed(SimulatedNode node, RingState before, RingState after) {
        if (before.status() == RingStatus.JOINING && after.status() == RingStatus.ISOLATED) {
            seen.add(after.self().id());
        }
    }

    Set<ChordId> seen() {
        return seen;
    }
}
