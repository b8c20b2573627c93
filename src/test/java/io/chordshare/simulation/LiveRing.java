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
 * One moment of one ring, as somebody sees it who looks at all nodes at once: its live members (the process is up and
 * takes part in this ring) in the order of their ids, each with the pointers that it holds.
 */
final class LiveRing {

    private final List<RingState> members;
    private final List<ChordId> ids;

    LiveRing(Collection<RingState> members) {
        this.members = new ArrayList<>(members);
        this.members.sort(Comparator.comparing(member -> member.self().id()));
        this.ids = this.members.stream().map(member -> member.self().id()).toList();
    }

    /** Of everything that runs, those that are members of {@code ringId}: a node that left is a ring of its own. */
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

    /** Where {@code id} stands in the order of ids, if it is a live member. */
    Optional<Integer> indexOf(ChordId id) {
        int index = atOrAfter(id);
        return index < ids.size() && ids.get(index).equals(id) ? Optional.of(index) : Optional.empty();
    }

    /** A pointer is of use when a live member has the id and listens at the address. */
    boolean isLive(Peer pointer) {
        return indexOf(pointer.id()).filter(index -> members.get(index).self().address().equals(pointer.address()))
                .isPresent();
    }

    /** The first live member at or after {@code key}: its owner. */
    RingState owner(ChordId key) {
        return member(atOrAfter(key));
    }

    /** How many live members one passes on the way clockwise from {@code from} to {@code to}, both excluded. */
    int skipped(ChordId from, ChordId to) {
        int first = after(from);
        int end = atOrAfter(to);
        if (from.compareTo(to) < 0) {
            return end - first;
        }
        return ids.size() - first + end;
    }

    /** The index of the first id at or after {@code id}; the size when there is none. */
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

    /** The index of the first id after {@code id}; the size when there is none. */
    int after(ChordId id) {
        int index = atOrAfter(id);
        return index < ids.size() && ids.get(index).equals(id) ? index + 1 : index;
    }

    /** Zave's best successor: the first live entry of the list. A ring of one is its own. */
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
