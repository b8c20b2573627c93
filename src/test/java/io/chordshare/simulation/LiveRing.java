package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of one ring that covers all nodes at once: its live members (the process is up and is in this ring),
 * ordered by id, with their pointers.
 */
final class LiveRing {

    private final List<RingState> members;
    private final List<ChordId> ids;

    LiveRing(Collection<RingState> members) {
        this.members = new ArrayList<>(members);
        this.members.sort(Comparator.comparing(member -> member.self().id()));
        this.ids = this.members.stream().map(member -> member.self().id()).toList();
    }

    /** The members of {@code ringId} among all running nodes. A node that left is a ring of its own. */
    static LiveRing of(String ringId, Collection<RingState> running) {
        return new LiveRing(running.stream().filter(state -> isMember(state, ringId)).toList());
    }

    static boolean isMember(RingState state, String ringId) {
        return state.status().isMember() && ringId.equals(state.ringId());
    }

    int size() {
        return members.size();
    }

    List<RingState> members() {
        return members;
    }

    RingState member(int index) {
        return members.get(Math.floorMod(index, members.size()));
    }

    /** The index of {@code id} in the order of ids, if it is a live member. */
    Optional<Integer> indexOf(ChordId id) {
        int index = atOrAfter(id);
        return index < ids.size() && ids.get(index).equals(id) ? Optional.of(index) : Optional.empty();
    }

    /** A pointer is live when a live member has the id and listens at the address. */
    boolean isLive(Peer pointer) {
        return indexOf(pointer.id()).filter(index -> members.get(index).self().address().equals(pointer.address()))
                .isPresent();
    }

    /** The owner of {@code key}: the first live member at or after it. */
    RingState owner(ChordId key) {
        return member(atOrAfter(key));
    }

    /** Number of live members between {@code from} and {@code to}, clockwise, both excluded. */
    int skipped(ChordId from, ChordId to) {
        int first = after(from);
        int end = atOrAfter(to);
        if (from.compareTo(to) < 0) {
            return end - first;
        }
        return ids.size() - first + end;
    }

    /** Index of the first id at or after {@code id}; the size when there is none. */
    int atOrAfter(ChordId id) {
        int low = 0;
        int high = ids.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ids.get(middle).compareTo(id) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Index of the first id after {@code id}; the size when there is none. */
    int after(ChordId id) {
        int index = atOrAfter(id);
        return index < ids.size() && ids.get(index).equals(id) ? index + 1 : index;
    }

    /** Zave's best successor: the first live entry of the list. In a ring of one, the node itself. */
    Optional<ChordId> bestSuccessor(RingState member) {
        if (isRingOfOne(member)) {
            return Optional.of(member.self().id());
        }
        return member.successors().stream().filter(this::isLive).map(Peer::id).findFirst();
    }

    static boolean isRingOfOne(RingState member) {
        return member.status() == RingStatus.ALONE && member.successors().isEmpty();
    }
}
