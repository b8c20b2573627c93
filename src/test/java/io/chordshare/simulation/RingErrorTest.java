package io.chordshare.simulation;

import static io.chordshare.simulation.Sketch.member;
import static io.chordshare.simulation.Sketch.peer;
import static io.chordshare.simulation.Sketch.ring;
import static io.chordshare.simulation.Sketch.state;
import static io.chordshare.simulation.Sketch.withFingers;
import static io.chordshare.simulation.Sketch.withPredecessor;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RingErrorTest {

    private static RingState in(int predecessor, RingState state) {
        return withPredecessor(state, predecessor);
    }

    @Test
    void it_is_nothing_when_every_pointer_is_right() {
        LiveRing ring = ring(in(40, member(10, 20, 30)), in(10, member(20, 30, 40)), in(20, member(30, 40, 10)),
                in(30, member(40, 10, 20)));
        assertThat(RingError.of(ring, 2).ofNeighbours()).isZero();
    }

    @Test
    void a_ring_of_one_has_no_pointers() {
        assertThat(RingError.of(ring(state(10, RingStatus.ALONE)), 4).total()).isZero();
    }

    @Test
    void a_predecessor_counts_whom_it_skips() {
        LiveRing ring = ring(in(40, member(10, 20)), in(10, member(20, 30)), in(20, member(30, 40)),
                in(10, member(40, 10)));
        assertThat(RingError.of(ring, 1).predecessors()).isEqualTo(2);
    }

    @Test
    void a_missing_predecessor_counts_one_and_a_dead_one_too() {
        LiveRing ring = ring(member(10, 20), in(10, member(20, 30)), in(25, member(30, 10)));
        assertThat(RingError.of(ring, 1).predecessors()).isEqualTo(2);
    }

    @Test
    void a_list_counts_whom_it_skips_who_is_dead_and_who_is_missing() {
        RingState ten = in(40, member(10, 15, 30));
        LiveRing ring = ring(ten, in(10, member(20, 30, 40)), in(20, member(30, 40, 10)), in(30, member(40, 10)));
        // 10 names a dead node and skips 20; 40 lacks one entry
        assertThat(RingError.of(ring, 2).successors()).isEqualTo(3);
    }

    @Test
    void in_a_small_ring_nobody_misses_entries_that_cannot_be() {
        LiveRing ring = ring(in(20, member(10, 20)), in(10, member(20, 10)));
        assertThat(RingError.of(ring, 4).ofNeighbours()).isZero();
    }

    @Test
    void a_finger_counts_whom_it_skips_and_an_empty_slot_one() {
        int half = ChordId.BITS - 1;
        RingState zero = member(0, 10);
        Map<Integer, Peer> right = new TreeMap<>();
        for (int exponent = 0; exponent < ChordId.BITS; exponent++) {
            right.put(exponent, exponent == half ? peer(60) : peer(40));
        }
        RingState[] others = {member(10, 40), member(40, 60), member(60, 70), member(70, 0)};
        assertThat(fingers(withFingers(zero, right), others)).isZero();
        Map<Integer, Peer> far = new TreeMap<>(right);
        far.put(half, peer(70));
        assertThat(fingers(withFingers(zero, far), others)).isEqualTo(1);
        Map<Integer, Peer> dead = new TreeMap<>(right);
        dead.put(half, peer(65));
        assertThat(fingers(withFingers(zero, dead), others)).isEqualTo(2);
        Map<Integer, Peer> empty = new TreeMap<>(right);
        empty.remove(half);
        assertThat(fingers(withFingers(zero, empty), others)).isEqualTo(1);
    }

    private static int fingers(RingState of, RingState[] others) {
        RingState[] all = {of, others[0], others[1], others[2], others[3]};
        int withoutThis = RingError.of(ring(withFingers(of, Map.of()), others[0], others[1], others[2], others[3]), 1)
                .fingers() - uncovered(of);
        return RingError.of(ring(all), 1).fingers() - withoutThis;
    }

    private static int uncovered(RingState state) {
        RingInterval covered = new RingInterval(state.self().id(), state.successors().getLast().id());
        int slots = 0;
        for (int exponent = 0; exponent < ChordId.BITS; exponent++) {
            slots += covered.contains(state.self().id().plusPowerOfTwo(exponent)) ? 0 : 1;
        }
        return slots;
    }

    @Property(tries = 500)
    void skipped_members_are_those_one_meets_on_the_way(@ForAll @Size(min = 1, max = 12) Set<@IntRange(max =
            30) Integer> ids,
                                                        @ForAll @IntRange(max = 30) int from,
                                                        @ForAll @IntRange(max = 30) int to) {
        LiveRing ring = new LiveRing(new TreeSet<>(ids).stream().map(id -> member(id)).toList());
        int met = 0;
        for (int at = (from + 1) % Sketch.POSITIONS; at != to; at = (at + 1) % Sketch.POSITIONS) {
            met += ids.contains(at) ? 1 : 0;
        }
        assertThat(ring.skipped(Sketch.id(from), Sketch.id(to))).isEqualTo(met);
    }
}
