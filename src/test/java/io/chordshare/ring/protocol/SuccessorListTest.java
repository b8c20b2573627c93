package io.chordshare.ring.protocol;

import static io.chordshare.ring.TestPeers.peer;
import static io.chordshare.ring.TestPeers.peers;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.ring.TestPeers;
import io.chordshare.runtime.Peer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SuccessorListTest {

    @Test
    void it_is_the_first_r_of_s_and_its_list() {
        assertThat(SuccessorList.of(peer(10), peer(20), peers(30, 40, 50, 60), 4)).isEqualTo(peers(20, 30, 40, 50));
    }

    @Test
    void it_ends_where_it_meets_self() {
        assertThat(SuccessorList.of(peer(10), peer(20), peers(30, 10, 20), 4)).isEqualTo(peers(20, 30));
        assertThat(SuccessorList.of(peer(10), peer(20), peers(10), 4)).isEqualTo(peers(20));
    }

    @Test
    void it_ends_before_one_that_is_already_in_it() {
        assertThat(SuccessorList.of(peer(10), peer(20), peers(30, 20, 40), 4)).isEqualTo(peers(20, 30));
        assertThat(SuccessorList.of(peer(10), peer(20), peers(30, 30, 40), 4)).isEqualTo(peers(20, 30));
    }

    @Test
    void a_short_list_grows() {
        assertThat(SuccessorList.of(peer(10), peer(20), List.of(), 4)).isEqualTo(peers(20));
        assertThat(SuccessorList.of(peer(10), peer(20), peers(30), 4)).isEqualTo(peers(20, 30));
    }

    @Test
    void of_length_one_it_is_the_successor() {
        assertThat(SuccessorList.of(peer(10), peer(20), peers(30), 1)).isEqualTo(peers(20));
    }

    @Test
    void the_same_id_at_another_address_is_the_same_node() {
        Peer elsewhere = new Peer(peer(10).id(), "http://elsewhere", 2);
        assertThat(SuccessorList.of(peer(10), peer(20), List.of(elsewhere, peer(30)), 4)).isEqualTo(peers(20));
    }

    @Property
    void it_is_always_a_beginning_in_ring_order_without_self_or_duplicates(
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> rest,
            @ForAll @IntRange(min = 1, max = 6) int length) {
        List<Peer> tail = rest.stream().map(TestPeers::peer).toList();
        List<Peer> all = new ArrayList<>(List.of(peer(20)));
        all.addAll(tail);
        List<Peer> list = SuccessorList.of(peer(5), peer(20), tail, length);

        assertThat(list).isEqualTo(all.subList(0, list.size())).doesNotHaveDuplicates().doesNotContain(peer(5));
        for (int i = 1; i < list.size(); i++) {
            assertThat(steps(list.get(i - 1))).isLessThan(steps(list.get(i)));
        }
        // nothing was cut without a reason: self, or an entry that is not further than the one before
        boolean ended = list.size() == length || list.size() == all.size();
        assertThat(ended || all.get(list.size()).equals(peer(5))
                || steps(all.get(list.size())).compareTo(steps(list.getLast())) <= 0).isTrue();
    }

    /** The clockwise distance from position 5. */
    private static BigInteger steps(Peer peer) {
        return peer.id().toBigInteger().subtract(peer(5).id().toBigInteger()).mod(BigInteger.TWO.pow(ChordId.BITS));
    }
}
