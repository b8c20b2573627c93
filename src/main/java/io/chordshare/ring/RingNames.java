package io.chordshare.ring;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the ring that this node is in: the one it was founded with, and after a merge those of the other rings. Two
 * rings are the same one when they share an id. The set only grows and its smallest id stands for it, so all members come
 * to the same name in whatever order they hear of a merge, and nobody has to be told by a certain one.
 */
final class RingNames {

    /** Merges of rings that never met are made by hand. */
    private static final int MAX_NAMES = 32;

    private final StateCell cell;
    private final TreeSet<String> names = new TreeSet<>();

    RingNames(StateCell cell, Collection<String> saved) {
        this.cell = cell;
        names.addAll(saved);
    }

    /** The smallest first; empty before the first ring. */
    synchronized List<String> all() {
        return List.copyOf(names);
    }

    /** Whether somebody who is in a ring of these ids is in ours; if so, its other ids are ours, too. */
    boolean recognize(Collection<String> theirs) {
        synchronized (this) {
            if (theirs.stream().noneMatch(names::contains)) {
                return false;
            }
        }
        merge(theirs);
        return true;
    }

    /** Two rings become one, because a person said so. */
    void merge(Collection<String> others) {
        String name;
        synchronized (this) {
            if (!names.addAll(others)) {
                return;
            }
            while (names.size() > MAX_NAMES) {
                names.pollLast();
            }
            name = names.getFirst();
        }
        cell.update(state -> name.equals(state.ringId()) ? state : state.withRingId(name));
    }

    /** In a ring of these ids from now on, and in no other. */
    synchronized void enter(Collection<String> ids) {
        names.clear();
        names.addAll(ids);
    }

    synchronized @Nullable String name() {
        return names.isEmpty() ? null : names.getFirst();
    }
}
