package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Peer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes the finger table (ToN 2003, section IV-E, {@code fix_fingers}). Only slots beyond the successor list are
 * refreshed. One answer fills every slot that starts before the node it names. A known finger is asked first: it knows
 * whether it still owns the start of the slot or the node before it does, and one request is cheaper than a lookup.
 * While a pass changes the table, the next pass follows quickly. A stable table is refreshed slowly.
 */
public final class FixFingers {

    private static final Logger log = LoggerFactory.getLogger(FixFingers.class);

    /** After a pass without changes. In a ring of thousands, each finger is then asked every ten seconds. */
    private static final int SLOTS_PER_QUIET_ROUND = 1;

    private final StateCell cell;
    private final Lookup lookup;
    private final int slotsPerRound;
    private int next;
    private boolean quiet;
    private boolean changedInPass;

    public FixFingers(StateCell cell, Lookup lookup, int slotsPerRound) {
        this.slotsPerRound = slotsPerRound;
        this.cell = cell;
        this.lookup = lookup;
    }

    public void round() {
        RingState state = cell.get();
        if (!state.status().isMember() || state.successors().isEmpty()) {
            return;
        }
        int first = FingerTable.firstUncovered(state);
        cell.update(now -> now.withFingers(now.fingers().from(first)));
        int slots = quiet ? SLOTS_PER_QUIET_ROUND : slotsPerRound;
        for (int slot = 0; slot < slots; slot++) {
            next = Math.max(next, first);
            if (next >= ChordId.BITS) {
                endPass();
                return;
            }
            next = fix(next) + 1;
        }
        if (next >= ChordId.BITS) {
            endPass();
        }
    }

    private void endPass() {
        quiet = !changedInPass;
        changedInPass = false;
        next = 0;
    }

    /** Fills {@code exponent} and the following slots that have the same node. Returns the last of them. */
    private int fix(int exponent) {
        RingState state = cell.get();
        ChordId start = state.self().id().plusPowerOfTwo(exponent);
        Peer known = state.fingers().learned().get(exponent);
        try {
            Optional<Peer> near = known == null ? Optional.empty() : lookup.ownerNear(known, start);
            Peer owner = near.isPresent() ? near.get() : lookup.from(state, start).owner();
            int last = lastSlotOf(state.self().id(), owner, exponent);
            FingerTable before = cell.get().fingers();
            cell.update(now -> now.withFingers(now.fingers().with(exponent, last, owner)));
            changedInPass |= !before.equals(cell.get().fingers());
            return last;
        } catch (LookupFailedException e) {
            log.debug("finger {} stays unchanged until the next pass: {}", exponent, e.getMessage());
            changedInPass = true;
            return exponent;
        }
    }

    private static int lastSlotOf(ChordId self, Peer owner, int exponent) {
        RingInterval ownersArc = new RingInterval(self.plusPowerOfTwo(exponent), owner.id());
        int last = exponent;
        while (last + 1 < ChordId.BITS && !owner.id().equals(ownersArc.from())
                && ownersArc.contains(self.plusPowerOfTwo(last + 1))) {
            last++;
        }
        return last;
    }
}
