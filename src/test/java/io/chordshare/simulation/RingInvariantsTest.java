package io.chordshare.simulation;

import static io.chordshare.simulation.Sketch.id;
import static io.chordshare.simulation.Sketch.member;
import static io.chordshare.simulation.Sketch.ring;
import static io.chordshare.simulation.Sketch.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Checks each invariant with hand-made states: what it must accept, and what it must reject. */
class RingInvariantsTest {

    private static List<Invariant> broken(RingState... members) {
        return broken(0, members);
    }

    private static List<Invariant> broken(int principalsNeeded, RingState... members) {
        return RingInvariants.check(ring(members), principalsNeeded).stream().map(Breach::invariant).toList();
    }

    @Test
    void a_ring_in_order_breaks_nothing() {
        assertThat(broken(3, member(10, 20, 30), member(20, 30, 40), member(30, 40, 10), member(40, 10, 20))).isEmpty();
    }

    @Nested
    class LiveSuccessor {

        @Test
        void one_live_entry_is_enough() {
            assertThat(broken(member(10, 15, 30), member(30, 35, 10))).isEmpty();
        }

        @Test
        void a_list_of_dead_nodes_is_a_breach() {
            assertThat(broken(member(10, 15, 20), member(30, 10))).containsExactly(Invariant.LIVE_SUCCESSOR);
        }

        @Test
        void an_empty_list_among_others_is_a_breach() {
            assertThat(broken(state(10, RingStatus.ISOLATED), member(30, 10)))
                    .containsExactly(Invariant.LIVE_SUCCESSOR);
        }

        @Test
        void the_last_one_of_its_ring_has_nobody_to_name() {
            assertThat(broken(member(10, 15, 20))).isEmpty();
            assertThat(broken(state(10, RingStatus.ISOLATED))).isEmpty();
        }

        @Test
        void a_ring_of_one_is_its_own_successor_while_the_second_comes() {
            assertThat(broken(state(10, RingStatus.ALONE), member(30, 10))).isEmpty();
        }

        @Test
        void a_node_that_is_only_joining_is_nobodys_live_successor() {
            assertThat(broken(member(10, 20), state(20, RingStatus.JOINING, 10), member(30, 10)))
                    .containsExactly(Invariant.LIVE_SUCCESSOR);
        }

        @Test
        void a_pointer_to_where_the_node_was_before_it_moved_is_dead() {
            Peer before = new Peer(id(20), "http://elsewhere", 1);
            RingState ten = new RingState(Sketch.peer(10), Sketch.RING, RingStatus.MEMBER, null, null, List.of(before),
                    member(10).fingers());
            assertThat(broken(ten, member(20, 10))).containsExactly(Invariant.LIVE_SUCCESSOR);
        }

        @Test
        void a_node_that_left_is_a_ring_of_its_own_and_no_member_of_this() {
            RingState left = new RingState(Sketch.peer(20), "another", RingStatus.ALONE, null, null, List.of(),
                    member(20).fingers());
            assertThat(broken(member(10, 20), member(30, 10), left)).containsExactly(Invariant.LIVE_SUCCESSOR);
        }
    }

    @Nested
    class Principals {

        private final RingState[] oneOutside =
                {member(10, 20, 30), member(20, 30, 40), member(25, 30, 40), member(30, 40, 10), member(40, 10, 20)};

        @Test
        void whom_nobody_skips_is_a_principal() {
            assertThat(RingInvariants.principals(ring(oneOutside))).containsExactly(id(10), id(20), id(30), id(40));
        }

        @Test
        void enough_of_them_are_enough() {
            assertThat(broken(4, oneOutside)).isEmpty();
        }

        @Test
        void too_few_of_them_are_a_breach() {
            assertThat(broken(5, oneOutside)).containsExactly(Invariant.PRINCIPALS);
        }

        @Test
        void a_list_that_passes_over_zero_skips_there_too() {
            LiveRing ring = ring(member(5, 50), member(50, 90), member(90, 50), member(95, 5));
            assertThat(RingInvariants.principals(ring)).containsExactly(id(50), id(90));
        }

        @Test
        void dead_nodes_are_none() {
            assertThat(RingInvariants.principals(ring(member(10, 20, 30), member(30, 10, 20))))
                    .containsExactly(id(10), id(30));
        }
    }

    @Nested
    class OneRing {

        @Test
        void members_outside_may_hang_on_it_one_behind_the_other() {
            assertThat(broken(member(10, 40), member(40, 10), member(20, 30), member(30, 40))).isEmpty();
        }

        @Test
        void two_rings_are_a_breach() {
            assertThat(broken(member(10, 30), member(30, 10), member(20, 40), member(40, 20)))
                    .containsExactly(Invariant.ONE_RING);
        }

        @Test
        void a_node_that_is_its_own_ring_beside_the_others_is_a_breach() {
            assertThat(broken(state(10, RingStatus.ALONE), state(30, RingStatus.ALONE)))
                    .containsExactly(Invariant.ONE_RING);
        }

        @Test
        void a_ring_that_winds_around_twice_is_a_breach() {
            assertThat(broken(member(10, 30), member(30, 20), member(20, 40), member(40, 10)))
                    .containsExactly(Invariant.ONE_RING);
        }

        @Test
        void best_successors_make_it_and_not_first_ones() {
            assertThat(broken(member(10, 15, 30), member(30, 35, 10), member(20, 30))).isEmpty();
        }
    }

    @Nested
    class Lists {

        @Test
        void a_duplicate_is_a_breach() {
            assertThat(broken(member(10, 20, 30, 20), member(20, 30), member(30, 10)))
                    .containsExactly(Invariant.NO_DUPLICATES);
        }

        @Test
        void self_is_a_breach() {
            assertThat(broken(member(10, 20, 10), member(20, 10))).containsExactly(Invariant.NO_DUPLICATES);
        }

        @Test
        void the_same_id_at_two_addresses_is_a_duplicate() {
            RingState twice = new RingState(Sketch.peer(10), Sketch.RING, RingStatus.MEMBER, null, null,
                    List.of(Sketch.peer(20), new Peer(id(20), "http://elsewhere", 2)), member(10).fingers());
            assertThat(broken(twice, member(20, 10))).containsExactly(Invariant.NO_DUPLICATES);
        }

        @Test
        void out_of_order_is_a_breach() {
            assertThat(broken(member(10, 30, 20), member(20, 30), member(30, 10)))
                    .containsExactly(Invariant.RING_ORDER);
        }

        @Test
        void a_list_may_pass_over_zero_but_not_over_the_node_itself() {
            assertThat(broken(member(50, 90, 10, 40), member(90, 10), member(10, 40), member(40, 50))).isEmpty();
            assertThat(broken(member(50, 90, 10, 60), member(60, 90), member(90, 10), member(10, 50)))
                    .containsExactly(Invariant.RING_ORDER);
        }
    }
}
