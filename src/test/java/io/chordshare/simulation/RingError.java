package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The distance of a ring from the ideal one: for each pointer, the number of live members that it skips, plus one for
 * each dead or missing entry. 0 when every pointer is ideal.
 *
 * @param predecessors error of all predecessor pointers
 * @param successors   error of all entries of successor lists
 * @param fingers      error of all fingers beyond the successor lists
 * @param examples     some of the wrong pointers, for people
 */
record RingError(int predecessors, int successors, int fingers, List<String> examples) {

    /** More examples do not help the reader of a failed run. */
    private static final int MAX_EXAMPLES = 8;

    static RingError of(LiveRing ring, int r) {
        return new Sum(ring, r).result();
    }

    /** The error of the pointers that hold the ring together. Fingers are shortcuts and take longer. */
    int ofNeighbours() {
        return predecessors + successors;
    }

    int total() {
        return predecessors + successors + fingers;
    }

    private static final class Sum {

        private final LiveRing ring;
        private final int r;
        private final List<String> examples = new ArrayList<>();

        private Sum(LiveRing ring, int r) {
            this.ring = ring;
            this.r = r;
        }

        private RingError result() {
            int predecessors = 0;
            int successors = 0;
            int fingers = 0;
            for (RingState member : ring.members()) {
                predecessors += noted(member, "predecessor", ofPredecessor(member));
                successors += noted(member, "successors", ofSuccessors(member));
                fingers += noted(member, "fingers", ofFingers(member));
            }
            return new RingError(predecessors, successors, fingers, List.copyOf(examples));
        }

        private int noted(RingState member, String which, int error) {
            if (error > 0 && examples.size() < MAX_EXAMPLES) {
                examples.add(which + " off by " + error + ": " + RingInvariants.shown(member));
            }
            return error;
        }

        private int ofPredecessor(RingState member) {
            Peer predecessor = member.predecessor();
            if (predecessor == null) {
                return ring.size() > 1 ? 1 : 0;
            }
            return dead(predecessor) + ring.skipped(predecessor.id(), member.self().id());
        }

        private int ofSuccessors(RingState member) {
            int missing = Math.max(0, Math.min(r, ring.size() - 1) - member.successors().size());
            int error = missing;
            ChordId before = member.self().id();
            for (Peer entry : member.successors()) {
                error += dead(entry) + ring.skipped(before, entry.id());
                before = entry.id();
            }
            return error;
        }

        private int ofFingers(RingState member) {
            if (member.successors().isEmpty()) {
                return 0;
            }
            ChordId self = member.self().id();
            RingInterval covered = new RingInterval(self, member.successors().getLast().id());
            Map<Integer, Peer> learned = member.fingers().learned();
            int error = 0;
            for (int exponent = 0; exponent < ChordId.BITS; exponent++) {
                ChordId start = self.plusPowerOfTwo(exponent);
                if (!covered.contains(start)) {
                    error += ofFinger(start, learned.get(exponent));
                }
            }
            return error;
        }

        private int ofFinger(ChordId start, @Nullable Peer finger) {
            if (finger == null) {
                return 1;
            }
            int right = ring.owner(start).self().id().equals(finger.id()) ? 0
                    // the start itself may be a member, which would be skipped too
                    : ring.skipped(start, finger.id()) + (ring.indexOf(start).isPresent() ? 1 : 0);
            return dead(finger) + right;
        }

        private int dead(Peer pointer) {
            return ring.isLive(pointer) ? 0 : 1;
        }
    }
}
