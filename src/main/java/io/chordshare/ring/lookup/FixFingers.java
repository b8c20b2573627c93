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
 * Keeps the finger table true (ToN 2003, section IV-E, {@code fix_fingers}): only slots that the successor list does
 * not cover. One answer fills every slot that starts before the node it names. A finger that is known is asked itself
 * first: it knows best whether the slot is still its own or that of the node before it, and is one question instead of
 * a lookup. While a pass around the table changes something the next one is quick; a table that is true is looked at
 * slowly.
 */
public final class FixFingers {

    private static final Logger log = LoggerFactory.getLogger(FixFingers.class);

    /** Once a whole pass has changed nothing: in a ring of thousands each finger is asked every ten seconds. */
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

    /** Fills {@code exponent} and the slots after it that have the same node; returns the last of them. */
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
            log.debug("finger {} stays as it is until the next pass: {}", exponent, e.getMessage());
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
