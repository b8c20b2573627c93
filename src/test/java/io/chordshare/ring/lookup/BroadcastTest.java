package io.chordshare.ring.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.InMemoryRing;
import io.chordshare.ring.RingOracle;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastTest {

    private record Hello(int number) implements News {}

    private final InMemoryRing ring = new InMemoryRing(140);
    private final List<SimulatedNode> heard = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6, 17, 50})
    void news_reach_every_member_exactly_once_with_n_minus_one_messages(int size) throws Exception {
        List<SimulatedNode> nodes = listening(ring.grow(size));
        for (SimulatedNode origin : List.of(nodes.getFirst(), nodes.getLast())) {
            heard.clear();
            ring.forgetMessages();
            ring.ask(origin, () -> {
                origin.node().broadcast(new Hello(1));
                return null;
            });
            ring.run(Duration.ofSeconds(2));
            assertThat(heard).doesNotHaveDuplicates().doesNotContain(origin).hasSize(size - 1);
            assertThat(ring.messages(RingRequest.BroadcastRequest.class)).isEqualTo(size - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 17})
    void nobody_is_told_twice_even_where_fingers_are_missing(int size) throws Exception {
        List<SimulatedNode> nodes = listening(ring.grow(size));
        SimulatedNode fresh = ring.start(nodes.getFirst());
        fresh.stopTicking();
        nodes.add(fresh);
        ring.assertBecomesOneRing(nodes, 20);
        ring.forgetMessages();
        ring.ask(fresh, () -> {
            fresh.node().broadcast(new Hello(2));
            return null;
        });
        ring.run(Duration.ofSeconds(2));
        assertThat(heard).doesNotHaveDuplicates().hasSize(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {17})
    void a_silent_node_costs_only_its_own_part(int size) throws Exception {
        List<SimulatedNode> nodes = listening(ring.grow(size));
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode silent = nodes.get(5);
        silent.crash();
        SimulatedNode origin = nodes.getFirst();
        ring.ask(origin, () -> {
            origin.node().broadcast(new Hello(3));
            return null;
        });
        ring.run(Duration.ofSeconds(5));
        assertThat(heard).doesNotHaveDuplicates().doesNotContain(origin, silent);
        assertThat(heard.size()).isGreaterThanOrEqualTo((size - 1) / 2);
    }

    private List<SimulatedNode> listening(List<SimulatedNode> nodes) {
        nodes.forEach(node -> node.node().readNews((news, forward) -> {
            heard.add(node);
            forward.accept(news);
        }));
        ring.runUntil(() -> nodes.size() == 1 || new RingOracle(nodes).wrongFingers().isEmpty(), 40);
        return nodes;
    }
}
