package io.chordshare.ring.detector;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.InMemoryRing;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The nodes that watch a silent peer are asked about it. */
class PingReqTargetsTest {

    private static final int NODES = 12;

    private final InMemoryRing ring = new InMemoryRing(7);
    private final List<SimulatedNode> nodes = ring.grow(NODES);

    PingReqTargetsTest() {
        nodes.sort(Comparator.comparing(node -> node.self().id()));
        ring.run(Duration.ofSeconds(5));
    }

    @Test
    void about_the_predecessor_the_node_before_it_is_asked_first() {
        PingReqTargets targets = RingTestAccess.pingReqTargets(nodes.get(5).node());
        assertThat(targets.about(peer(4), 1)).containsExactly(peer(3));
        assertThat(targets.about(peer(4), 3)).hasSize(3).contains(peer(3)).doesNotContain(peer(4), peer(5));
    }

    @Test
    void about_a_successor_those_are_asked_whose_list_it_is_in_and_the_one_after_it() {
        PingReqTargets targets = RingTestAccess.pingReqTargets(nodes.get(5).node());
        assertThat(targets.about(peer(6), 2)).as("the first successor").containsExactlyInAnyOrder(peer(4), peer(7));
        assertThat(targets.about(peer(7), 3)).containsExactlyInAnyOrder(peer(4), peer(6), peer(8));
        assertThat(targets.about(peer(9), 3))
                .as("the last of the list, which no longer reaches from the predecessor to it")
                .containsExactlyInAnyOrder(peer(6), peer(7), peer(8));
    }

    @Test
    void about_another_peer_neighbours_are_asked_before_fingers_and_each_once() {
        PingReqTargets targets = RingTestAccess.pingReqTargets(nodes.get(5).node());
        List<Peer> asked = targets.about(peer(11), NODES);
        assertThat(asked).doesNotHaveDuplicates().doesNotContain(peer(11), peer(5));
        assertThat(asked.subList(0, 5)).containsExactlyInAnyOrder(peer(4), peer(6), peer(7), peer(8), peer(9));
    }

    private Peer peer(int place) {
        return nodes.get(place).self();
    }
}
