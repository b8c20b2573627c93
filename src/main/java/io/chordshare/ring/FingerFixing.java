package io.chordshare.ring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the finger table true (ToN 2003, section IV-E, {@code fix_fingers}): only slots that the successor list does not
 * cover, several a round. One lookup fills every slot that starts before the node it found, so a round of a few lookups
 * goes around the whole table.
 */
final class FingerFixing {

    private static final Logger log = LoggerFactory.getLogger(FingerFixing.class);

    /** Lookups in one round: about log2 N distinct fingers exist, so a ring of thousands is covered in two rounds. */
    private static final int LOOKUPS_PER_ROUND = 8;

    private final StateCell cell;
    private final Lookup lookup;
    private int next;

    FingerFixing(StateCell cell, Lookup lookup) {
        this.cell = cell;
        this.lookup = lookup;
    }

    void round() {
        RingState state = cell.get();
        if (!state.status().isMember() || state.successors().isEmpty()) {
            return;
        }
        int first = FingerTable.firstUncovered(state);
        cell.update(now -> now.withFingers(now.fingers().from(first)));
        for (int lookups = 0; lookups < LOOKUPS_PER_ROUND; lookups++) {
            if (next < first || next >= RingId.BITS) {
                next = first;
            }
            if (next >= RingId.BITS) {
                return;
            }
            int exponent = next;
            try {
                Peer owner = lookup.from(cell.get(), state.self().id().plusPowerOfTwo(exponent)).owner();
                int last = lastSlotOf(owner, exponent);
                cell.update(now -> now.withFingers(now.fingers().with(exponent, last, owner)));
                next = last + 1;
            } catch (LookupFailedException e) {
                log.debug("finger {} stays as it is until the next round: {}", exponent, e.getMessage());
                next = exponent + 1;
            }
            if (next >= RingId.BITS) {
                next = first;
                return;
            }
        }
    }

    private int lastSlotOf(Peer owner, int exponent) {
        RingId self = cell.get().self().id();
        RingInterval ownersArc = new RingInterval(self.plusPowerOfTwo(exponent), owner.id());
        int last = exponent;
        while (last + 1 < RingId.BITS && !owner.id().equals(ownersArc.from())
                && ownersArc.contains(self.plusPowerOfTwo(last + 1))) {
            last++;
        }
        return last;
    }
}
