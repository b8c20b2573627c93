package io.chordshare.ring.membership;

import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Envelope;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of the ring that this node is in: the one it was founded with, and after a merge those of the other rings.
 * Two rings are the same one when they share an id. The set only grows and its smallest id stands for it, so all
 * members come to the same name in whatever order they hear of a merge, and nobody has to be told by a certain one. An
 * id is never dropped for another: otherwise a sender of many ids could push out the node's own.
 */
public final class RingIds {

    private static final Logger log = LoggerFactory.getLogger(RingIds.class);

    private final StateCell cell;
    private final TreeSet<String> names = new TreeSet<>();
    private boolean full;

    public RingIds(StateCell cell, Collection<String> saved) {
        this.cell = cell;
        saved.stream().filter(id -> Envelope.isRingId(id)).limit(Envelope.MAX_RING_IDS).forEach(names::add);
    }

    /** The smallest first; empty before the first ring. */
    public synchronized List<String> all() {
        return List.copyOf(names);
    }

    /** Whether somebody who says that it is in a ring of these ids is in ours. Learns nothing: anybody can say so. */
    public synchronized boolean knows(Collection<String> theirs) {
        return theirs.stream().anyMatch(names::contains);
    }

    /** As {@link #knows}, of a node that has just answered: if it is in ours, its other ids are ours, too. */
    public boolean recognize(Collection<String> theirs) {
        if (!knows(theirs)) {
            return false;
        }
        merge(theirs);
        return true;
    }

    /** Two rings are one. */
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
            name = names.getFirst();
        }
        cell.update(state -> name.equals(state.ringId()) ? state : state.withRingId(name));
    }

    private boolean add(String id) {
        if (names.size() < Envelope.MAX_RING_IDS) {
            return names.add(id);
        }
        if (!full && !names.contains(id)) {
            full = true;
            log.warn("this ring is known by {} ids already; no further one is learned", Envelope.MAX_RING_IDS);
        }
        return false;
    }

    /** In a ring of these ids from now on, and in no other. */
    public synchronized void enter(Collection<String> ids) {
        names.clear();
        names.addAll(ids);
        full = false;
    }

    public synchronized @Nullable String name() {
        return names.isEmpty() ? null : names.getFirst();
    }
}
