package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of a split network become one ring again without help. Foreign rings never merge. */
class RingMergeTest {

    /** In stabilize periods, after the network is whole again. */
    private static final int ONE_RING_WITHIN = 100;
    /** An average, because it depends on which nodes find each other first. */
    private static final int MESSAGES_A_NODE = 40;
    private static final int MERGES = Boolean.getBoolean("chordshare.long") ? 3 : 1;

    private static final List<Class<?>> KINDS =
            Stream.of(RingRequest.class.getPermittedSubclasses()).<Class<?>>map(kind -> kind).toList();

    private Simulation world = new Simulation(1);

    @ParameterizedTest
    @CsvSource({"2, 32", "3, 48", "5, 60"})
    void a_ring_that_was_split_is_one_again_each_time(int parts, int size) {
        List<SimulatedNode> nodes = new ArrayList<>(world.ideal(size));
        for (int split = 0; split < 2; split++) {
            List<List<SimulatedNode>> groups = split(nodes, parts);
            world.network().partition(groups);
            world.run(Duration.ofSeconds(40));
            if (parts == 2) {
                // with more parts, many nodes lose all successors at once, and a side may be several rings for a while
                groups.forEach(group -> assertThat(problems(group)).as("each side is a ring").isEmpty());
            }
            assertThat(problems(nodes)).as("it is split").isNotEmpty();
            world.network().heal();
            assertBecomesOneRing(nodes);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 40", "3, 48", "5, 60"})
    void a_ring_that_was_split_while_nodes_came_and_went_on_every_side_is_one_again_each_time(int parts, int size)
            throws Exception {
        List<SimulatedNode> nodes = new ArrayList<>(world.ideal(size));
        // by address, so that a joiner is on a side before it sends its first message
        Map<String, Integer> sides = new LinkedHashMap<>();
        for (int split = 0; split < 2; split++) {
            List<List<SimulatedNode>> groups = split(nodes, parts);
            sides.clear();
            groups.forEach(group -> group.forEach(node -> sides.put(node.address(), groups.indexOf(group))));
            world.network().cut((from, to) -> !sides.get(from.address()).equals(sides.get(to.address())));
            world.run(Duration.ofSeconds(15));
            for (List<SimulatedNode> group : groups) {
                for (int i = 0; i < 3; i++) {
                    SimulatedNode leaver = group.get(i);
                    leaver.leave();
                    nodes.remove(leaver);
                    String address = world.newAddress();
                    sides.put(address, groups.indexOf(group));
                    nodes.add(world.start(new SimulatedDisk(), address, List.of(group.getLast().address())));
                    world.run(Duration.ofSeconds(3));
                }
            }
            world.run(Duration.ofSeconds(20));
            assertThat(problems(nodes)).as("it is split").isNotEmpty();
            world.network().heal();
            assertBecomesOneRing(nodes);
        }
    }

    @Test
    void a_lost_peer_that_is_in_place_again_is_a_false_alarm_that_ends_at_once() {
        List<SimulatedNode> nodes = new ArrayList<>(world.ideal(64));
        SimulatedNode crashed = nodes.removeLast();
        crashed.crash();
        world.run(Duration.ofSeconds(30));
        assertThat(nodes).anyMatch(node -> !node.node().inspection().watch().lost().isEmpty());
        Map<Class<?>, Long> before = sent(nodes);
        nodes.add(world.restart(crashed));
        world.run(Duration.ofMinutes(3));
        assertThat(problems(nodes)).isEmpty();
        assertThat(nodes).as("nodes that have seen that it is back")
                .allMatch(node -> node.node().inspection().watch().lost().isEmpty());
        long meetings = since(before, nodes).get(RingRequest.UnifyRings.class);
        assertThat(meetings).isZero();
    }

    @Test
    void a_node_that_was_cut_off_alone_for_an_hour_is_back_within_minutes() {
        List<SimulatedNode> nodes = world.ideal(12);
        SimulatedNode lonely = nodes.get(5);
        world.network().cut((from, to) -> from == lonely || to == lonely);
        world.run(Duration.ofHours(1));
        assertThat(lonely.state().status()).isEqualTo(RingStatus.ISOLATED);
        world.network().heal();
        assertBecomesOneRing(nodes);
    }

    @Test
    void two_rings_that_never_met_are_one_after_a_single_request() throws Exception {
        List<SimulatedNode> one = world.grow(9);
        List<SimulatedNode> other = world.grow(7);
        String id = one.getFirst().state().ringId();
        assertThat(other.getFirst().state().ringId()).isNotEqualTo(id);
        world.run(Duration.ofSeconds(20));

        SimulatedNode asked = one.get(4);
        world.ask(asked, () -> {
            asked.node().joinAndMerge(other.get(3).address(), Duration.ofSeconds(30));
            return null;
        });

        List<SimulatedNode> all = Stream.of(one, other).flatMap(List::stream).toList();
        assertBecomesOneRing(all);
        assertThat(all).extracting(node -> node.state().ringId()).containsOnly(all.getFirst().state().ringId());
    }

    @Test
    void a_strangers_ring_at_the_addresses_of_lost_nodes_is_left_alone() {
        List<SimulatedNode> nodes = new ArrayList<>(world.ideal(12));
        List<SimulatedNode> gone = List.of(nodes.remove(3), nodes.remove(5));
        SimulatedNode stranger = world.replace(gone.getFirst());
        SimulatedNode another = world.replace(gone.getLast(), stranger);
        world.run(Duration.ofMinutes(10));
        assertThat(problems(nodes)).isEmpty();
        assertThat(problems(List.of(stranger, another))).isEmpty();
        assertThat(stranger.state().ringId()).isNotEqualTo(nodes.getFirst().state().ringId());
    }

    @Test
    void merging_two_halves_costs_few_messages_beyond_upkeep() {
        List<Double> costs = new ArrayList<>();
        for (long seed = 1; seed <= MERGES; seed++) {
            world = new Simulation(seed);
            costs.add(messagesBeyondUpkeep(512));
        }
        assertThat(costs.stream().mapToDouble(cost -> cost).average().orElseThrow()).isLessThan(MESSAGES_A_NODE);
    }

    /** The cost of upkeep is measured on the same ring, for the same time, after it is one ring again. */
    private double messagesBeyondUpkeep(int size) {
        List<SimulatedNode> nodes = world.ideal(size);
        world.run(Duration.ofSeconds(30));
        world.network().partition(split(nodes, 2));
        world.run(Duration.ofMinutes(2));
        Map<Class<?>, Long> before = sent(nodes);
        Duration healed = world.now();
        world.network().heal();
        assertBecomesOneRing(nodes);
        Duration took = world.now().minus(healed);
        Map<Class<?>, Long> during = since(before, nodes);
        world.run(Duration.ofMinutes(2));
        before = sent(nodes);
        world.run(took);
        Map<Class<?>, Long> upkeep = since(before, nodes);
        upkeep.forEach((kind, questions) -> during.merge(kind, -questions, Long::sum));
        // a request and its answer are two messages
        during.replaceAll((kind, questions) -> 2 * questions);
        double beyond = during.values().stream().mapToLong(messages -> messages).sum() / (double) size;
        StringBuilder kinds = new StringBuilder();
        during.forEach((kind, messages) -> kinds.append(" %s %.1f".formatted(kind.getSimpleName(),
                messages / (double) size)));
        System.out.printf("2 x %d nodes: one ring after %.1f s, %.1f messages a node beyond upkeep:%s%n", size / 2,
                took.toMillis() / 1e3, beyond, kinds);
        return beyond;
    }

    private static Map<Class<?>, Long> sent(List<SimulatedNode> nodes) {
        Map<Class<?>, Long> sent = new LinkedHashMap<>();
        KINDS.forEach(kind -> sent.put(kind, nodes.stream().mapToLong(node -> node.sent(kind)).sum()));
        return sent;
    }

    private static Map<Class<?>, Long> since(Map<Class<?>, Long> before, List<SimulatedNode> nodes) {
        Map<Class<?>, Long> now = sent(nodes);
        now.replaceAll((kind, questions) -> questions - before.get(kind));
        return now;
    }

    private static List<List<SimulatedNode>> split(List<SimulatedNode> nodes, int parts) {
        List<List<SimulatedNode>> groups = new ArrayList<>();
        List<SimulatedNode> mixed = new ArrayList<>(nodes);
        Collections.shuffle(mixed, new Random(nodes.size()));
        for (int part = 0; part < parts; part++) {
            groups.add(mixed.subList(part * mixed.size() / parts, (part + 1) * mixed.size() / parts));
        }
        return groups;
    }

    private void assertBecomesOneRing(List<SimulatedNode> nodes) {
        world.runUntil(() -> problems(nodes).isEmpty(), Duration.ofSeconds(ONE_RING_WITHIN));
        assertThat(problems(nodes)).as("after %s", world.now()).isEmpty();
    }

    /** The wrong successors and predecessors of each node. */
    private List<String> problems(List<SimulatedNode> members) {
        List<SimulatedNode> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(node -> node.self().id()));
        List<String> problems = new ArrayList<>();
        int size = sorted.size();
        for (int i = 0; i < size; i++) {
            SimulatedNode node = sorted.get(i);
            List<Peer> successors = new ArrayList<>();
            for (int next = 1; next <= Math.min(world.successors(), size - 1); next++) {
                successors.add(sorted.get((i + next) % size).self());
            }
            Peer predecessor = sorted.get((i + size - 1) % size).self();
            List<Peer> has = node.state().successors();
            boolean right = has.size() == successors.size() && node.state().predecessor() != null
                    && node.state().predecessor().sameNode(predecessor);
            for (int next = 0; right && next < has.size(); next++) {
                right = has.get(next).sameNode(successors.get(next));
            }
            if (!right) {
                problems.add(node + " has " + node.state().predecessor() + " and " + has + ", not " + predecessor
                        + " and " + successors);
            }
        }
        return problems;
    }
}
