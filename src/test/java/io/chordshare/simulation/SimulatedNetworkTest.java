package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.SimulatedNode.Crash;
import io.chordshare.transport.ProductionTimeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can happen to a message. */
class SimulatedNetworkTest {

    private static final Duration POINTER_LIMIT = ProductionTimeouts.of(new RingRequest.Ping());

    private final Simulation world = new Simulation(1);
    private final List<SimulatedNode> nodes = world.ideal(12);
    private final SimulatedNode asker = nodes.getFirst();
    private final SimulatedNode other = nodes.get(6);

    SimulatedNetworkTest() {
        nodes.forEach(SimulatedNode::stopTicking);
        world.network().setLatency(Latency.fixed(Duration.ofMillis(2)));
    }

    @Test
    void question_and_answer_each_take_their_time() throws Exception {
        assertThat(ask(asker, other, new RingRequest.Ping()).self()).isEqualTo(other.self());
        assertThat(world.now()).isEqualTo(Duration.ofMillis(4));
        assertThat(asker.sent(RingRequest.Ping.class)).isEqualTo(1);
        assertThat(world.network().messages(RingRequest.Ping.class)).isEqualTo(1);
    }

    @Test
    void a_lost_message_costs_the_time_limit_whichever_way_it_went() {
        world.network().setLoss(asker.address(), other.address(), 1);
        assertThat(failure(asker, other)).isEqualTo(Reason.NO_ANSWER);
        assertThat(world.now()).isEqualTo(POINTER_LIMIT);
        world.network().heal();
        world.network().setLoss(other.address(), asker.address(), 1);
        assertThat(failure(asker, other)).isEqualTo(Reason.NO_ANSWER);
        assertThat(world.now()).isEqualTo(POINTER_LIMIT.multipliedBy(2));
    }

    @Test
    void the_patience_of_the_caller_is_a_limit_too() {
        world.network().setLoss(1);
        Duration patience = Duration.ofMillis(70);
        assertThat(catchThrowableOfType(PeerException.class,
                () -> world.ask(asker, () -> asker.call(other.self(), new RingRequest.Ping(), patience)))).isNotNull();
        assertThat(world.now()).isEqualTo(patience);
    }

    @Test
    void a_killed_process_refuses_at_once_and_a_machine_without_power_is_silent() {
        other.crash(Crash.PROCESS);
        assertThat(failure(asker, other)).isEqualTo(Reason.NO_ANSWER);
        assertThat(world.now()).isEqualTo(Duration.ofMillis(4));
        nodes.get(7).crash(Crash.MACHINE);
        assertThat(failure(asker, nodes.get(7))).isEqualTo(Reason.NO_ANSWER);
        assertThat(world.now()).isEqualTo(POINTER_LIMIT.plusMillis(4));
    }

    @Test
    void across_a_one_way_cut_the_question_arrives_and_the_answer_does_not() {
        world.network().cutOneWay(List.of(other), List.of(asker));
        SimulatedNode third = nodes.get(1);
        long before = third.sent(RingRequest.Ping.class);
        assertThat(failure(asker, other, new RingRequest.Notify(third.self()))).isEqualTo(Reason.NO_ANSWER);
        // it got the notification, so it pings the node that the notification names
        assertThat(other.sent(RingRequest.Ping.class)).isPositive();
        assertThat(third.sent(RingRequest.Ping.class)).isEqualTo(before);
        assertThat(failure(other, asker)).as("its questions do not get there").isEqualTo(Reason.NO_ANSWER);
    }

    @Test
    void a_network_in_three_parts_carries_messages_within_each() throws Exception {
        world.network().partition(List.of(nodes.subList(0, 4), nodes.subList(4, 8), nodes.subList(8, 12)));
        assertThat(failure(asker, other)).isEqualTo(Reason.NO_ANSWER);
        assertThat(failure(other, nodes.get(9))).isEqualTo(Reason.NO_ANSWER);
        assertThat(ask(other, nodes.get(7), new RingRequest.Ping())).isNotNull();
        assertThat(ask(asker, nodes.get(1), new RingRequest.Ping())).isNotNull();
        world.network().heal();
        assertThat(ask(asker, other, new RingRequest.Ping())).isNotNull();
    }

    @Test
    void a_question_that_arrives_twice_is_answered_once() throws Exception {
        world.network().setDuplication(1);
        assertThat(ask(asker, other, new RingRequest.Ping())).isNotNull();
        world.run(Duration.ofSeconds(2));
        assertThat(world.log().last()).filteredOn(line -> line.contains("ARRIVED")).hasSize(2);
        assertThat(world.log().last()).filteredOn(line -> line.contains("RECEIVED")).hasSize(1);
    }

    @Test
    void an_answer_that_comes_too_late_is_dropped() {
        world.network().setLatency(other.address(), asker.address(), Latency.fixed(POINTER_LIMIT.plusMillis(500)));
        assertThat(failure(asker, other)).isEqualTo(Reason.NO_ANSWER);
        assertThat(world.now()).isEqualTo(POINTER_LIMIT);
        world.run(POINTER_LIMIT);
        assertThat(world.log().last()).noneMatch(line -> line.contains("RECEIVED"));
    }

    @Test
    void a_slow_node_looks_at_every_message_late() throws Exception {
        other.setHandling(Duration.ofMillis(300));
        ask(asker, other, new RingRequest.Ping());
        assertThat(world.now()).isEqualTo(Duration.ofMillis(304));
    }

    @Test
    void messages_wait_at_a_paused_node_for_longer_than_their_sender_does() {
        other.pause();
        assertThat(failure(asker, other, new RingRequest.Notify(nodes.get(5).self()))).isEqualTo(Reason.NO_ANSWER);
        world.run(Duration.ofSeconds(5));
        assertThat(other.sent(RingRequest.Ping.class)).isZero();
        other.goOn();
        world.run(Duration.ofSeconds(1));
        assertThat(other.sent(RingRequest.Ping.class)).as("it handles the notice now").isPositive();
    }

    @Test
    void a_stranger_at_the_address_of_a_dead_node_says_that_it_is_not_the_one_that_is_meant() {
        SimulatedNode stranger = world.replace(other, asker);
        world.run(Duration.ofMillis(10));
        assertThat(stranger.address()).isEqualTo(other.address());
        assertThat(failure(asker, other)).isEqualTo(Reason.NOT_THAT_NODE);
    }

    @Test
    void a_node_of_another_ring_is_refused_all_but_pings() throws Exception {
        SimulatedNode elsewhere = world.start();
        world.run(Duration.ofSeconds(1));
        assertThat(failure(elsewhere, other, new RingRequest.GetNeighbours())).isEqualTo(Reason.WRONG_RING);
        assertThat(ask(elsewhere, other, new RingRequest.Ping())).isNotNull();
    }

    @Test
    void pointers_on_their_way_are_told_about_until_they_are_used_or_lost() throws Exception {
        List<String> told = new ArrayList<>();
        world.observe(new Observer() {
            @Override
            public void answered(PendingAnswer answer) {
                told.add("answered at " + world.now().toMillis());
            }

            @Override
            public void settled(PendingAnswer answer) {
                told.add("settled at " + world.now().toMillis());
            }
        });
        ask(asker, other, new RingRequest.GetPredecessorAndSuccessors());
        assertThat(told).containsExactly("answered at 2", "settled at 4");
        told.clear();
        asker.start("ask", () -> {
            try {
                asker.call(other.self(), new RingRequest.GetPredecessorAndSuccessors());
            } catch (PeerException e) {
                throw new AssertionError(e);
            }
        });
        world.run(Duration.ofMillis(3));
        asker.crash();
        assertThat(told).containsExactly("answered at 6", "settled at 7");
    }

    @Test
    void a_ring_that_is_placed_whole_has_nothing_to_change() {
        Simulation large = new Simulation(2);
        List<SimulatedNode> members = large.ideal(100);
        List<RingState> before = members.stream().map(SimulatedNode::state).toList();
        large.run(Duration.ofSeconds(30));
        assertThat(members.stream().map(SimulatedNode::state).toList()).isEqualTo(before);
        assertThat(before).allMatch(state -> state.status() == RingStatus.MEMBER);
        assertThat(members.getFirst().disk().load().orElseThrow().id()).isEqualTo(members.getFirst().self().id());
    }

    private <A> A ask(SimulatedNode from, SimulatedNode to, Request<A> request) throws Exception {
        return world.ask(from, () -> from.call(to.self(), request));
    }

    private Reason failure(SimulatedNode from, SimulatedNode to) {
        return failure(from, to, new RingRequest.Ping());
    }

    private Reason failure(SimulatedNode from, SimulatedNode to, Request<?> request) {
        PeerException failure = catchThrowableOfType(PeerException.class, () -> ask(from, to, request));
        assertThat(failure).as("it fails").isNotNull();
        return failure.reason();
    }
}
