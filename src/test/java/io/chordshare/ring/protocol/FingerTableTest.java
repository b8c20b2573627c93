package io.chordshare.ring.protocol;

import static io.chordshare.ring.TestPeers.at;
import static io.chordshare.ring.TestPeers.member;
import static io.chordshare.ring.TestPeers.peer;
import static io.chordshare.ring.TestPeers.peers;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Positions are multiples of 2^152: exponent 152 is one position further, exponent 159 is 128 positions further. */
class FingerTableTest {

    @Test
    void slots_that_the_successor_list_covers_are_not_kept() {
        assertThat(FingerTable.firstUncovered(member(0, 200, 3, 9))).as("start 16 is the first beyond 9")
                .isEqualTo(156);
        assertThat(FingerTable.firstUncovered(member(0, 200, 3, 8))).as("start 8 is covered: the end is included")
                .isEqualTo(156);
        assertThat(FingerTable.firstUncovered(member(0, 200, 3, 7))).isEqualTo(155);
        assertThat(FingerTable.firstUncovered(member(250, 200, 253, 3))).as("across zero: 250 + 8 = 2 is covered")
                .isEqualTo(156);
        assertThat(FingerTable.firstUncovered(member(0, 200))).isEqualTo(ChordId.BITS);
    }

    @Test
    void in_a_ring_no_longer_than_the_list_the_rest_is_the_node_itself() {
        RingState state = member(0, 9, 3, 9);
        RingState known = state.withFingers(FingerTable.EMPTY.with(156, 159, state.self()));
        assertThat(FingerTable.slots(known)).extracting(FingerTable.Slot::node).containsExactly(peer(3), peer(9),
                peer(0));
    }

    @Test
    void each_node_is_named_once_at_the_first_slot_where_it_stands() {
        RingState state = member(0, 200, 3, 9).withFingers(
                FingerTable.EMPTY.with(156, 157, peer(40)).with(158, 158, peer(70)).with(159, 159, peer(200)));
        List<FingerTable.Slot> slots = FingerTable.slots(state);
        assertThat(slots).extracting(FingerTable.Slot::node).isEqualTo(peers(3, 9, 40, 70, 200));
        assertThat(slots).extracting(FingerTable.Slot::start)
                .containsExactly(peer(0).id().plusPowerOfTwo(0), at(4), at(16), at(64), at(128));
    }

    @Test
    void the_first_node_at_a_start_is_its_finger() {
        RingState state = member(0, 200, 4, 9);
        assertThat(FingerTable.slots(state)).extracting(FingerTable.Slot::start)
                .containsExactly(peer(0).id().plusPowerOfTwo(0), at(8));
    }

    @Test
    void alone_every_finger_is_the_node_itself() {
        assertThat(FingerTable.slots(RingState.alone(peer(7), "ring"))).extracting(FingerTable.Slot::node)
                .containsExactly(peer(7));
    }

    @Test
    void a_finger_that_is_gone_leaves_its_slots_empty() {
        FingerTable table = FingerTable.EMPTY.with(156, 157, peer(40)).with(158, 159, peer(200)).without(at(40));
        assertThat(table.learned().keySet()).containsExactly(158, 159);
        assertThat(table.peers()).containsExactly(peer(200));
    }

    @Test
    void what_the_list_covers_is_forgotten() {
        FingerTable table = FingerTable.EMPTY.with(150, 159, peer(200)).from(157);
        assertThat(table.learned().keySet()).containsExactly(157, 158, 159);
    }

    @Test
    void a_table_does_not_change() {
        FingerTable table = FingerTable.EMPTY.with(150, 151, peer(1));
        table.with(152, 153, peer(2));
        table.without(at(1));
        assertThat(table.learned().keySet()).containsExactly(150, 151);
    }
}
