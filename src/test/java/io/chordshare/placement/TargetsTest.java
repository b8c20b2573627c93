package io.chordshare.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The members that a slot should have follow from the ring, and from who is away. */
class TargetsTest {

    private static final int SIZE = 3;

    @Test
    void they_are_the_owner_and_the_nodes_after_it() {
        assertThat(Targets.of(peers(1, 2, 3, 4), peers(1), SIZE, absent -> false)).isEqualTo(peers(1, 2, 3));
    }

    @Test
    void a_smaller_ring_has_fewer() {
        assertThat(Targets.of(peers(5, 1), peers(5), SIZE, absent -> false)).isEqualTo(peers(5, 1));
    }

    @Test
    void a_node_that_comes_between_displaces_the_last() {
        assertThat(Targets.of(peers(1, 2, 3, 5), peers(1, 3, 5), SIZE, absent -> true)).isEqualTo(peers(1, 2, 3));
    }

    @Test
    void who_is_away_for_a_short_time_keeps_its_place() {
        assertThat(Targets.of(peers(1, 3, 4), peers(1, 2, 3), SIZE, absent -> true)).isEqualTo(peers(1, 2, 3));
        assertThat(Targets.of(peers(1, 3, 4), peers(1, 2, 3), SIZE, absent -> false)).isEqualTo(peers(1, 3, 4));
    }

    @Test
    void in_a_ring_that_is_smaller_than_a_view_everybody_who_is_away_is_missed() {
        assertThat(Targets.absent(peers(4, 1), peers(4, 1, 3), SIZE)).isEqualTo(peers(3));
        assertThat(Targets.of(peers(4, 1), peers(4, 1, 3), SIZE, absent -> true)).isEqualTo(peers(4, 1, 3));
    }

    @Test
    void who_is_further_away_than_the_last_was_displaced_and_is_not_missed() {
        assertThat(Targets.absent(peers(1, 2, 3), peers(1, 2, 7), SIZE)).isEmpty();
    }

    private static List<Peer> peers(int... positions) {
        return IntStream.of(positions).mapToObj(position -> new Peer(ChordId.of(BigInteger.valueOf(position)),
                "http://n" + position + ":8080", 1)).toList();
    }
}
