package io.chordshare.placement;

import io.chordshare.id.RingInterval;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the node that the ring makes the owner of a slot which view the slot has. An owner that is new and far from the
 * members would not hear of it otherwise, and nobody else brings the view in line with the ring.
 */
final class OwnerReminder {

    private static final Logger log = LoggerFactory.getLogger(OwnerReminder.class);

    /** The first member looks each time; the others now and then, in case it is dead. */
    private static final int OTHERS_EVERY = 8;
    /** Lookups at once: the rest follows at the next tick. */
    private static final int MAX_LOOKUPS = 32;

    private final RingNode ring;
    private final SlotTable table;
    private final ViewReminder reminder;
    private int round;

    OwnerReminder(RingNode ring, SlotTable table, ViewReminder reminder) {
        this.ring = ring;
        this.table = table;
        this.reminder = reminder;
    }

    void run() {
        boolean others = round++ % OTHERS_EVERY == 0;
        Map<Peer, List<View>> tell = new LinkedHashMap<>();
        RingInterval known = null;
        Peer owner = null;
        int lookups = 0;
        for (int slot = 0; slot < table.count() && lookups < MAX_LOOKUPS; slot++) {
            View view = table.state(slot).map(SlotState::view).filter(found -> found.has(table.self())).orElse(null);
            if (view == null || ring.state().range().contains(table.slots().start(slot))
                    || !others && !view.owner().id().equals(table.self())) {
                continue;
            }
            if (known == null || !known.contains(table.slots().start(slot))) {
                owner = owner(slot);
                lookups++;
                known = owner == null ? null : new RingInterval(table.slots().start(slot), owner.id());
            }
            if (owner != null && !owner.id().equals(table.self()) && !view.owner().sameNode(owner)) {
                tell.computeIfAbsent(owner, key -> new ArrayList<>()).add(view);
            }
        }
        tell.forEach(reminder::tell);
    }

    private @Nullable Peer owner(int slot) {
        try {
            return ring.lookup(table.slots().start(slot)).owner();
        } catch (LookupFailedException e) {
            log.debug("the owner of slot {} is not told of its view now: {}", slot, e.getMessage());
            return null;
        }
    }
}
