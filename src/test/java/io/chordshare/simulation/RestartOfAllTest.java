package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.protocol.RingStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All nodes of a ring are switched off and start again at new addresses. They find each other by id. */
class RestartOfAllTest {

    /** Limit after the start of the last node. */
    private static final Duration ONE_RING_WITHIN = Duration.ofSeconds(30);
    /** All nodes start within this time, in any order. */
    private static final int START_WITHIN_MILLIS = 20_000;
    private static final Duration LONG = Duration.ofMinutes(3);

    private Simulation world = new Simulation(19);

    /** Which seeds a node has. */
    private enum Seeds {
        /** Each node has all others. */
        ALL {
            @Override
            List<Integer> of(int node, int size, Random random) {
                List<Integer> others = new ArrayList<>();
                for (int other = 0; other < size; other++) {
                    if (other != node) {
                        others.add(other);
                    }
                }
                return others;
            }
        },
        /** Each node has the next one, and no node has the one before. */
        NEXT {
            @Override
            List<Integer> of(int node, int size, Random random) {
                return List.of((node + 1) % size);
            }
        },
        /** All nodes but one have the same node, which has none. */
        ONE {
            @Override
            List<Integer> of(int node, int size, Random random) {
                return node == 0 ? List.of() : List.of(0);
            }
        },
        /** Each node has one of those before it. */
        ANY_BEFORE {
            @Override
            List<Integer> of(int node, int size, Random random) {
                return node == 0 ? List.of() : List.of(random.nextInt(node));
            }
        };

        abstract List<Integer> of(int node, int size, Random random);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void a_ring_that_starts_at_new_addresses_is_one_ring_again_with_any_seeds(int size) {
        for (Seeds seeds : Seeds.values()) {
            for (boolean atOnce : List.of(true, false)) {
                world = new Simulation(100L * size + seeds.ordinal());
                List<SimulatedNode> nodes = stopped(size);
                List<SimulatedNode> back = start(nodes, addresses(size), seeds, atOnce ? 0 : START_WITHIN_MILLIS, size);
                assertBecomesTheSameRing(nodes, back, size + " nodes, seeds " + seeds + (atOnce ? ", at once" : ""));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "5, 2", "8, 3", "12, 5"})
    void without_those_that_are_missing_too_and_with_them_when_they_come_at_last(int size, int missing) {
        for (Seeds seeds : List.of(Seeds.ALL, Seeds.NEXT)) {
            world = new Simulation(100L * size + missing + seeds.ordinal());
            List<SimulatedNode> nodes = stopped(size);
            List<String> addresses = addresses(size);
            int present = size - missing;
            List<SimulatedNode> back = new ArrayList<>(start(nodes, addresses, seeds, START_WITHIN_MILLIS, present));
            assertBecomesTheSameRing(nodes, back, size + " nodes without " + missing);

            world.run(LONG);
            back.addAll(start(nodes.subList(present, size), addresses.subList(present, size), Seeds.ALL, 0, missing,
                    List.of(addresses.getFirst())));
            assertBecomesTheSameRing(nodes, back, "with them");
        }
    }

    /** The node has no seed, but a member has it as a seed. */
    @Test
    void a_late_node_that_knows_nobody_is_found_by_the_nodes_that_have_it_as_a_seed() {
        List<SimulatedNode> nodes = stopped(3);
        List<String> addresses = addresses(3);
        List<SimulatedNode> back = new ArrayList<>(start(nodes, addresses, Seeds.ALL, 0, 2));
        assertBecomesTheSameRing(nodes, back, "the first two");
        world.run(Duration.ofMinutes(20));
        back.add(world.start(nodes.getLast().disk(), addresses.getLast(), List.of()));
        assertBecomesTheSameRing(nodes, back, "with the last");
    }

    /** The addresses were exchanged: another node now listens at each remembered address. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 12})
    void a_ring_whose_nodes_have_each_others_addresses_now_is_one_ring_again(int size) {
        List<SimulatedNode> nodes = stopped(size);
        List<String> addresses = new ArrayList<>(nodes.stream().map(SimulatedNode::address).toList());
        Collections.rotate(addresses, 1);
        List<SimulatedNode> back = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            back.add(world.start(nodes.get(i).disk(), addresses.get(i), List.of()));
        }
        assertBecomesTheSameRing(nodes, back, "dealt again");
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "4, 2", "5, 2", "12, 6"})
    void a_minority_at_new_addresses_begins_nothing(int size, int present) {
        List<SimulatedNode> nodes = stopped(size);
        List<SimulatedNode> back = start(nodes, addresses(size), Seeds.ALL, 0, present);
        world.run(LONG);
        assertThat(back).extracting(node -> node.state().status()).containsOnly(RingStatus.JOINING);
    }

    /** In some rings, some nodes hear both sides, or are heard by only one. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 9, 12})
    void parts_that_do_not_see_each_other_when_they_start_never_begin_two_rings(int size) {
        for (int seed = 0; seed < 12; seed++) {
            world = new Simulation(1000L * size + seed);
            Random random = world.faults();
            List<SimulatedNode> nodes = stopped(size);
            Map<String, Integer> sides = new LinkedHashMap<>();
            List<String> addresses = addresses(size);
            // 2 means seen by both sides
            addresses.forEach(address -> sides.put(address, random.nextInt(10) == 0 ? 2 : random.nextInt(2)));
            boolean oneWay = seed % 3 == 2;
            world.network().cut((from, to) -> {
                int one = sides.getOrDefault(from.address(), 2);
                int other = sides.getOrDefault(to.address(), 2);
                return oneWay ? one == 0 && other == 1 : one + other == 1;
            });
            OneBeginner beginners = new OneBeginner();
            world.observe(beginners);
            List<SimulatedNode> back = start(nodes, addresses, Seeds.ALL, START_WITHIN_MILLIS, size);
            world.run(LONG);
            assertThat(beginners.seen()).as("who began a ring, %s, seed %s", sides.values(), world.seed())
                    .hasSizeLessThanOrEqualTo(1);
            world.network().heal();
            // a part that was up for long looks for the others less often
            assertBecomesTheSameRing(nodes, back, sides.values() + ", seed " + world.seed());
        }
    }

    /** Nodes restart meanwhile, including nodes that have just voted. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 8})
    void nodes_that_crash_while_they_look_for_each_other_never_begin_two_rings(int size) {
        for (int seed = 0; seed < 12; seed++) {
            world = new Simulation(2000L * size + seed);
            Random random = world.faults();
            world.network().setLoss(0.1);
            List<SimulatedNode> nodes = stopped(size);
            List<String> addresses = addresses(size);
            OneBeginner beginners = new OneBeginner();
            world.observe(beginners);
            List<SimulatedNode> back = new ArrayList<>(start(nodes, addresses, Seeds.ALL, 0, size));
            for (int crash = 0; crash < 3 * size; crash++) {
                world.run(Duration.ofMillis(random.nextInt(2000)));
                int which = random.nextInt(size);
                SimulatedNode node = back.get(which);
                if (!node.state().status().isMember()) {
                    node.crash();
                    world.run(Duration.ofMillis(random.nextInt(500)));
                    back.set(which, world.start(node.disk(), node.address(), node.seeds()));
                }
            }
            world.network().setLoss(0);
            assertBecomesTheSameRing(nodes, back, "seed " + world.seed());
            assertThat(beginners.seen()).hasSizeLessThanOrEqualTo(1);
        }
    }

    /** A ring that was stable for a while, with all its nodes switched off now. */
    private List<SimulatedNode> stopped(int size) {
        List<SimulatedNode> nodes = world.grow(size);
        world.run(Duration.ofSeconds(40));
        nodes.forEach(SimulatedNode::crash);
        world.run(Duration.ofSeconds(5));
        return nodes;
    }

    private List<String> addresses(int size) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            addresses.add(world.newAddress());
        }
        return addresses;
    }

    private List<SimulatedNode> start(List<SimulatedNode> nodes, List<String> addresses, Seeds seeds, int withinMillis,
                                      int present) {
        return start(nodes, addresses, seeds, withinMillis, present, List.of());
    }

    /** Starts the nodes in random order, within the limit above. */
    private List<SimulatedNode> start(List<SimulatedNode> nodes, List<String> addresses, Seeds seeds, int withinMillis,
                                      int present, List<String> moreSeeds) {
        Random random = world.faults();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < present; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        List<SimulatedNode> started = new ArrayList<>(Collections.nCopies(present, null));
        for (int i : order) {
            List<String> known = new ArrayList<>(moreSeeds);
            seeds.of(i, addresses.size(), random).forEach(other -> known.add(addresses.get(other)));
            started.set(i, world.start(nodes.get(i).disk(), addresses.get(i), known));
            if (withinMillis > 0) {
                world.run(Duration.ofMillis(random.nextInt(2 * withinMillis / present)));
            }
        }
        return started;
    }

    private void assertBecomesTheSameRing(List<SimulatedNode> before, List<SimulatedNode> nodes, String what) {
        Duration start = world.now();
        world.runUntil(() -> isOneRing(nodes), ONE_RING_WITHIN);
        assertThat(nodes).as("%s after %s", what, world.now().minus(start))
                .allMatch(node -> node.state().status() == RingStatus.MEMBER)
                .allMatch(node -> before.getFirst().state().ringId().equals(node.state().ringId()));
        assertThat(RingError.of(new LiveRing(nodes.stream().map(SimulatedNode::state).toList()), world.successors())
                .ofNeighbours()).as("pointers that are wrong, %s", what).isZero();
    }

    private boolean isOneRing(List<SimulatedNode> nodes) {
        return nodes.stream().allMatch(node -> node.state().status() == RingStatus.MEMBER)
                && RingError.of(new LiveRing(nodes.stream().map(SimulatedNode::state).toList()), world.successors())
                .ofNeighbours() == 0;
    }
}
