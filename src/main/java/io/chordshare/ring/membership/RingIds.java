package io.chordshare.ring.membership;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Envelope;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of this node's ring: the one from its founding, and after a merge those of the other rings. Two rings are the
 * same ring when they share an id. The set only grows, and the smallest id is the ring's name. So all members agree on
 * the name in whatever order they hear of a merge, and no node needs to be told by a certain other one. No id is ever
 * dropped for another: otherwise a sender of many ids could push out the node's own.
 */
public final class RingIds {

    private static final Logger log = LoggerFactory.getLogger(RingIds.class);

    private final StateCell cell;
    private final Slots slots;
    private final TreeSet<String> ids = new TreeSet<>();
    private boolean full;

    /** @param slots what a ring that this node founds is cut into */
    public RingIds(StateCell cell, Collection<String> saved, Slots slots) {
        this.cell = cell;
        this.slots = slots;
        saved.stream().filter(id -> Envelope.isRingId(id)).limit(Envelope.MAX_RING_IDS).forEach(ids::add);
    }

    /** The id of a ring that this node founds. */
    public String newId(ChordId random) {
        return slots.ringId(random);
    }

    /** The smallest id first; empty before the first ring. */
    public synchronized List<String> all() {
        return List.copyOf(ids);
    }

    /** Whether a node that claims these ring ids is in this ring. Learns nothing, because anybody can claim an id. */
    public synchronized boolean knows(Collection<String> theirs) {
        return theirs.stream().anyMatch(ids::contains);
    }

    /**
     * As {@link #knows}, for a node that has just answered: if it is in this ring, its other ids become ids of this
     * ring.
     */
    public boolean recognize(Collection<String> theirs) {
        if (!knows(theirs)) {
            return false;
        }
        merge(theirs);
        return true;
    }

    /** Adds the ids of a ring that is merged with this one. */
    public void merge(Collection<String> others) {
        String name;
        synchronized (this) {
            boolean news = false;
            for (String other : others) {
                news |= add(other);
            }
            if (!news) {
                return;
            }
            name = ids.getFirst();
        }
        cell.update(state -> name.equals(state.ringId()) ? state : state.withRingId(name));
    }

    private boolean add(String id) {
        if (ids.size() < Envelope.MAX_RING_IDS) {
            return ids.add(id);
        }
        if (!full && !ids.contains(id)) {
            full = true;
            log.warn("this ring already has {} ids; further ids are ignored", Envelope.MAX_RING_IDS);
        }
        return false;
    }

    /** Enters the ring with these ids, and forgets all others. */
    public synchronized void enter(Collection<String> others) {
        ids.clear();
        ids.addAll(others);
        full = false;
    }

    public synchronized @Nullable String name() {
        return ids.isEmpty() ? null : ids.getFirst();
    }
}
