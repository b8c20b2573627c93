package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Which nodes the ring wants for a slot: its owner, and the nodes that follow it. */
final class Targets {

    private Targets() {}

    /**
     * The members that the slot of this node should have.
     *
     * @param ring    this node, and the nodes that follow it on the ring, in order
     * @param present the members of the present view
     * @param size    how many members a view has
     * @param keeps   whether an absent member keeps its place
     */
    static List<Peer> of(List<Peer> ring, List<Peer> present, int size, Predicate<Peer> keeps) {
        List<Peer> wanted = new ArrayList<>(ring.subList(0, Math.min(size, ring.size())));
        absent(ring, present, size).stream().filter(keeps).forEach(wanted::add);
        ChordId self = ring.getFirst().id();
        wanted.sort(Comparator.comparing((Peer peer) -> self.offsetOf(peer.id())));
        return List.copyOf(wanted.subList(0, Math.min(size, wanted.size())));
    }

    /** Members that belong between those that the ring shows, and are not there: dead, paused or cut off. */
    static List<Peer> absent(List<Peer> ring, List<Peer> present, int size) {
        ChordId self = ring.getFirst().id();
        List<Peer> shown = ring.subList(0, Math.min(size, ring.size()));
        ChordId furthest = self.offsetOf(shown.getLast().id());
        boolean wholeRing = ring.size() < size;
        return present.stream().filter(member -> ring.stream().noneMatch(member::sameNode))
                .filter(member -> wholeRing || self.offsetOf(member.id()).compareTo(furthest) < 0).toList();
    }
}
