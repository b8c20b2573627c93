package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rings begin and grow. */
class RingNodeGrowthTest {

    @Test
    void a_node_started_alone_is_its_own_ring() throws Exception {
        InMemoryRing ring = new InMemoryRing(1);
        SimulatedNode node = ring.start();
        ring.run(Duration.ofSeconds(5));

        assertThat(node.state().status()).isEqualTo(RingStatus.ALONE);
        assertThat(node.state().successor()).isEqualTo(node.self());
        assertThat(node.state().range().share()).isEqualTo(1.0);
        assertThat(node.lookup(ChordId.ofName("any")).owner()).isEqualTo(node.self());
        assertThat(node.node().walkRing()).containsExactly(node.self());
    }

    @Test
    void two_nodes_become_one_ring() {
        InMemoryRing ring = new InMemoryRing(2);
        SimulatedNode first = ring.start();
        SimulatedNode second = ring.start(first);

        ring.assertBecomesOneRing(List.of(first, second), 5);
        assertThat(second.state().ringId()).isEqualTo(first.state().ringId());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 20})
    void rings_of_one_to_twenty_grow_one_node_at_a_time(int r) {
        InMemoryRing ring = new InMemoryRing(3 + r, r);
        List<SimulatedNode> nodes = new ArrayList<>(List.of(ring.start()));
        for (int size = 1; size <= 20; size++) {
            ring.assertBecomesOneRing(nodes, 12);
            assertFingersBecomeRight(ring, nodes);
            nodes.add(ring.start(nodes.get(ring.random.nextInt(nodes.size()))));
        }
    }

    private static void assertFingersBecomeRight(InMemoryRing ring, List<SimulatedNode> nodes) {
        RingOracle oracle = new RingOracle(nodes);
        ring.runUntil(() -> nodes.size() == 1 || oracle.wrongFingers().isEmpty(), 20);
        assertThat(nodes.size() == 1 ? List.of() : oracle.wrongFingers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void many_that_join_at_once_through_one_seed_get_distinct_ids_and_one_ring(long seed) {
        InMemoryRing ring = new InMemoryRing(seed);
        List<SimulatedNode> nodes = new ArrayList<>(List.of(ring.start()));
        SimulatedNode entry = nodes.getFirst();
        for (int i = 0; i < 15; i++) {
            nodes.add(ring.start(entry));
        }
        ring.assertBecomesOneRing(nodes, 60);
        assertThat(new HashSet<>(nodes.stream().map(node -> node.self().id()).toList())).hasSize(16);
    }

    @Test
    void nodes_that_start_before_their_seed_does_get_in_once_it_is_there() {
        InMemoryRing ring = new InMemoryRing(5);
        SimulatedNode seed = ring.start();
        seed.crash();
        List<SimulatedNode> nodes = new ArrayList<>(List.of(ring.start(seed), ring.start(seed)));
        ring.run(Duration.ofSeconds(10));
        assertThat(nodes).allMatch(node -> node.state().status() == RingStatus.JOINING);

        nodes.add(ring.restart(seed));
        ring.assertBecomesOneRing(nodes, 20);
    }

    @Test
    void seeds_that_name_each_other_are_one_ring() {
        InMemoryRing ring = new InMemoryRing(6);
        SimulatedNode founder = ring.start();
        SimulatedNode first = ring.start(founder);
        SimulatedNode second = ring.start(first, founder);
        ring.assertBecomesOneRing(List.of(founder, first, second), 20);
    }

    @Test
    void the_fullest_share_of_200_nodes_is_at_most_three_and_a_half_times_the_mean() {
        InMemoryRing ring = new InMemoryRing(7);
        List<SimulatedNode> nodes = ring.grow(200);

        List<ChordId> ids = nodes.stream().map(node -> node.self().id()).sorted().toList();
        double fullest = 0;
        for (int i = 0; i < ids.size(); i++) {
            fullest = Math.max(fullest, new RingInterval(ids.get((i + ids.size() - 1) % ids.size()), ids.get(i))
                    .share());
        }
        assertThat(fullest * ids.size()).isLessThanOrEqualTo(3.5);
    }

    @Test
    void the_same_seed_gives_the_same_ring() {
        List<String> once = new InMemoryRing(8).grow(10).stream().sorted(Comparator.comparing(SimulatedNode::address))
                .map(node -> node.state().toString()).toList();
        List<String> again = new InMemoryRing(8).grow(10).stream().sorted(Comparator.comparing(SimulatedNode::address))
                .map(node -> node.state().toString()).toList();
        assertThat(again).isEqualTo(once);
    }
}
