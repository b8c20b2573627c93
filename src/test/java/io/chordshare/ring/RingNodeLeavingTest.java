package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that leave. */
class RingNodeLeavingTest {

    private final InMemoryRing ring = new InMemoryRing(40);

    @Test
    void a_leaver_is_dropped_at_once_and_its_neighbours_find_each_other() throws Exception {
        List<SimulatedNode> nodes = ring.grow(8);
        nodes.forEach(SimulatedNode::stopTicking);
        nodes.sort(Comparator.comparing(node -> node.self().id()));
        SimulatedNode before = nodes.get(2);
        SimulatedNode leaver = nodes.get(3);
        SimulatedNode after = nodes.get(4);
        leaver.leave();
        ring.run(Duration.ofMillis(300));

        nodes.remove(leaver);
        assertThat(before.state().successor()).isEqualTo(after.self());
        assertThat(after.state().predecessor()).isEqualTo(before.self());
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.state().successors()).noneMatch(leaver.self()::sameNode);
            assertThat(node.state().fingers().peers()).noneMatch(leaver.self()::sameNode);
        });
        assertThat(leaver.state().status()).isEqualTo(RingStatus.ALONE);
        assertThat(leaver.state().ringId()).isNotEqualTo(before.state().ringId());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void a_leaver_stays_out_while_everybody_goes_on(long seed) throws Exception {
        InMemoryRing busy = new InMemoryRing(seed);
        List<SimulatedNode> nodes = busy.grow(8);
        SimulatedNode leaver = nodes.remove((int) (seed % 8));
        busy.run(Duration.ofMillis(seed * 97));
        leaver.leave();
        busy.run(Duration.ofMillis(500));
        for (int i = 0; i < 100; i++) {
            assertThat(leaver.state().status()).isEqualTo(RingStatus.ALONE);
            assertThat(leaver.state().successors()).isEmpty();
            assertThat(nodes).allSatisfy(node -> {
                assertThat(node.state().successors()).noneMatch(leaver.self()::sameNode);
                assertThat(node.state().predecessor()).matches(p -> p == null || !p.sameNode(leaver.self()));
            });
            busy.run(Duration.ofMillis(100));
        }
        busy.assertBecomesOneRing(nodes, 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_leaver_that_joins_again_at_once_is_seen_by_all_within_seconds(long seed) throws Exception {
        InMemoryRing busy = new InMemoryRing(seed);
        List<SimulatedNode> nodes = busy.grow(6);
        SimulatedNode leaver = nodes.get((int) seed);
        leaver.leave();
        leaver.join(nodes.getFirst());
        busy.assertBecomesOneRing(nodes, 10);
    }

    @Test
    void a_leaver_is_not_adopted_again_while_its_process_is_still_ending() throws Exception {
        List<SimulatedNode> nodes = ring.grow(6);
        SimulatedNode leaver = nodes.remove(2);
        ring.ask(leaver, () -> {
            leaver.node().depart(false);
            return null;
        });
        // the web server finishes its requests: the process still answers, and its ticks still come
        for (int i = 0; i < 60; i++) {
            ring.run(Duration.ofMillis(50));
            assertThat(nodes).allSatisfy(node -> {
                assertThat(node.state().successors()).noneMatch(leaver.self()::sameNode);
                assertThat(node.state().predecessor()).matches(p -> p == null || !p.sameNode(leaver.self()));
            });
        }
        leaver.crash();
        ring.assertBecomesOneRing(nodes, 10);
    }

    @Test
    void until_the_process_of_a_node_that_was_switched_off_ends_nobody_can_build_on_it() throws Exception {
        List<SimulatedNode> nodes = ring.grow(6);
        SimulatedNode leaver = nodes.remove(2);
        ring.ask(leaver, () -> {
            leaver.node().depart(false);
            return null;
        });
        SimulatedNode asker = nodes.getFirst();
        for (int i = 0; i < 20; i++) {
            assertThat(ring.ask(asker, () -> asker.call(leaver.self(), new RingRequest.GetPredecessorAndSuccessors()))
                    .busy()).isTrue();
            ring.run(Duration.ofMillis(50));
        }
    }

    @Test
    void a_successor_that_knows_nobody_any_more_makes_nobody_forget_who_comes_behind_it() throws Exception {
        List<SimulatedNode> nodes = ring.grow(6);
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode asker = nodes.getFirst();
        List<Peer> known = asker.state().successors();
        SimulatedNode lost = nodes.stream().filter(node -> node.self().sameNode(known.getFirst())).findFirst()
                .orElseThrow();
        RingTestAccess.place(lost.node(), lost.state().withSuccessors(List.of()));
        asker.node().stabilizeTick();
        ring.run(Duration.ofMillis(300));
        assertThat(asker.state().successors()).isEqualTo(known);
    }

    @Test
    void a_leave_notice_does_not_remove_a_newer_incarnation() throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        SimulatedNode old = nodes.removeLast();
        Peer oldSelf = old.self();
        SimulatedNode back = ring.restart(old);
        nodes.add(back);
        ring.assertBecomesOneRing(nodes, 20);
        SimulatedNode teller = nodes.getFirst();
        for (SimulatedNode node : nodes) {
            ring.ask(teller, () -> teller.call(node.self(),
                    new RingRequest.BroadcastRequest(new LeaveNotice(oldSelf, null, true),
                    node.self().id().plusPowerOfTwo(0))));
        }
        for (int i = 0; i < 40; i++) {
            ring.run(Duration.ofMillis(50));
            assertThat(RingOracle.problems(nodes, ring.successors())).isEmpty();
        }
    }

    @Test
    void when_one_of_two_leaves_the_other_is_alone_and_goes_on() throws Exception {
        List<SimulatedNode> nodes = ring.grow(2);
        String ringId = nodes.getFirst().state().ringId();
        nodes.getLast().leave();
        ring.run(Duration.ofSeconds(3));
        ring.assertBecomesOneRing(List.of(nodes.getFirst()), 1);
        assertThat(nodes.getFirst().state().ringId()).isEqualTo(ringId);
    }

    @Test
    void the_one_that_stayed_comes_up_again_after_a_restart() throws Exception {
        List<SimulatedNode> nodes = ring.grow(2);
        ring.run(Duration.ofSeconds(60));
        nodes.getLast().leave();
        ring.run(Duration.ofSeconds(3));

        SimulatedNode again = ring.restart(nodes.getFirst());
        ring.assertBecomesOneRing(List.of(again), 30);
        assertThat(again.state().ringId()).isEqualTo(nodes.getFirst().state().ringId());
    }

    @Test
    void a_leaver_joins_again_when_asked_to() throws Exception {
        List<SimulatedNode> nodes = ring.grow(5);
        SimulatedNode leaver = nodes.get(1);
        leaver.leave();
        ring.run(Duration.ofSeconds(60));
        assertThat(leaver.state().status()).isEqualTo(RingStatus.ALONE);

        leaver.join(nodes.getFirst());
        ring.assertBecomesOneRing(nodes, 15);
    }

    @Test
    void a_leaver_that_is_restarted_goes_back_through_those_it_knew() throws Exception {
        List<SimulatedNode> nodes = ring.grow(5);
        SimulatedNode leaver = nodes.removeLast();
        leaver.leave();
        ring.run(Duration.ofSeconds(10));

        nodes.add(ring.restart(leaver));
        ring.assertBecomesOneRing(nodes, 20);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void two_neighbours_may_leave_at_the_same_time(long seed) {
        InMemoryRing fresh = new InMemoryRing(seed);
        List<SimulatedNode> nodes = fresh.grow(7);
        nodes.sort(Comparator.comparing(node -> node.self().id()));
        List<SimulatedNode> leavers = new ArrayList<>(nodes.subList(2, 4));
        for (SimulatedNode leaver : leavers) {
            leaver.start("leave", () -> leaver.node().depart(true));
        }
        nodes.removeAll(leavers);
        fresh.assertBecomesOneRing(nodes, 20);
        assertThat(leavers).allMatch(leaver -> leaver.state().status() == RingStatus.ALONE);
    }
}
