package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedDisk;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that restart. */
class RingNodeRestartTest {

    private final InMemoryRing ring = new InMemoryRing(60);

    @Test
    void a_successor_that_joins_again_is_not_removed_for_its_dead_process() throws Exception {
        List<SimulatedNode> nodes = ring.grow(6);
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode member = nodes.getFirst();
        SimulatedNode crashed = nodes.stream().filter(node -> node.self().sameNode(member.state().successor()))
                .findFirst()
                .orElseThrow();
        Peer before = crashed.self();
        SimulatedNode back = ring.restart(crashed);
        back.stopTicking();
        ring.run(Duration.ofSeconds(1));
        assertThat(back.state().status()).isEqualTo(RingStatus.MEMBER);

        RingTestAccess.declareDead(member.node(), before);
        // no time for a message: the next step would find a dropped peer again if none had failed before
        ring.run(Duration.ofNanos(1));
        assertThat(member.state().successor()).isEqualTo(back.self());
    }

    @Test
    void a_node_that_comes_back_is_let_in_again_when_the_first_answer_was_lost() throws Exception {
        List<SimulatedNode> nodes = ring.grow(6);
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode member = nodes.removeFirst();
        SimulatedNode successor = nodes.stream().filter(node -> node.self().sameNode(member.state().successor()))
                .findFirst().orElseThrow();
        nodes.remove(successor);
        SimulatedNode asker = nodes.getFirst();
        successor.crash();
        Peer back = startThatFindsNobody(successor).self();
        for (int i = 0; i < 2; i++) {
            RingRequest.JoinAnswer answer =
                    ring.ask(asker, () -> asker.call(member.self(), new RingRequest.Join(back)));
            assertThat(answer.verdict()).isEqualTo(RingRequest.JoinVerdict.ADMITTED);
        }
        RingRequest.JoinAnswer another = ring.ask(asker, () -> asker.call(member.self(),
                new RingRequest.Join(new Peer(back.id(), "http://elsewhere:1", back.incarnation()))));
        assertThat(another.verdict()).isEqualTo(RingRequest.JoinVerdict.TAKEN);
    }

    @Test
    void an_admitted_node_that_does_not_know_it_yet_is_neither_removed_at_once_nor_kept_for_ever() throws Exception {
        List<SimulatedNode> nodes = ring.grow(6);
        SimulatedNode member = nodes.removeFirst();
        SimulatedNode crashed = nodes.stream().filter(node -> node.self().sameNode(member.state().successor()))
                .findFirst()
                .orElseThrow();
        nodes.remove(crashed);
        crashed.crash();
        SimulatedNode back = startThatFindsNobody(crashed);
        SimulatedNode asker = nodes.getFirst();
        assertThat(ring.ask(asker, () -> asker.call(member.self(), new RingRequest.Join(back.self()))).verdict())
                .isEqualTo(RingRequest.JoinVerdict.ADMITTED);
        assertThat(member.state().successor()).isEqualTo(back.self());

        ring.ask(member, () -> RingTestAccess.ping(member.node(), back.self()));
        // the death listener works in a step of its own
        ring.run(Duration.ofNanos(1));
        assertThat(back.state().status()).isEqualTo(RingStatus.JOINING);
        assertThat(member.state().successor()).isEqualTo(back.self());

        Peer letIn = back.self();
        ring.ask(asker, () -> asker.call(letIn,
                new RingRequest.Ping(asker.self().id(), List.of(RingRequest.Suspect.of(letIn)))));
        assertThat(back.self()).as("until it is in it refutes nothing").isEqualTo(letIn);

        nodes.add(member);
        ring.assertBecomesOneRing(nodes, 15);
        assertThat(back.state().status()).isEqualTo(RingStatus.JOINING);
    }

    /** The same node, but the only address that it knows belongs to a machine that is gone. */
    private SimulatedNode startThatFindsNobody(SimulatedNode crashed) {
        IdentityStore.Identity identity = crashed.disk().load().orElseThrow();
        SimulatedDisk disk = new SimulatedDisk();
        disk.save(new IdentityStore.Identity(identity.id(), identity.incarnation(), identity.ringId(), false, List.of(),
                List.of()));
        SimulatedNode gone = ring.start();
        gone.crash();
        return ring.start(disk, crashed.address(), gone);
    }

    @Test
    void a_restarted_node_keeps_its_id_and_gets_a_higher_incarnation() {
        List<SimulatedNode> nodes = ring.grow(5);
        SimulatedNode old = nodes.removeLast();
        SimulatedNode back = ring.restart(old);
        nodes.add(back);
        ring.assertBecomesOneRing(nodes, 20);
        assertThat(back.self().id()).isEqualTo(old.self().id());
        assertThat(back.self().incarnation()).isGreaterThan(old.self().incarnation());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6})
    void at_a_new_address_it_is_still_the_same_node_and_everybody_learns_the_address(int size) {
        List<SimulatedNode> nodes = ring.grow(size);
        SimulatedNode old = nodes.removeLast();
        SimulatedNode back = ring.restart(old, ring.newAddress());
        nodes.add(back);
        ring.assertBecomesOneRing(nodes, 25);
        assertThat(back.self().id()).isEqualTo(old.self().id());
    }

    @Test
    void two_that_swapped_their_addresses_are_not_taken_for_each_other() {
        List<SimulatedNode> nodes = ring.grow(6);
        SimulatedNode one = nodes.remove(4);
        SimulatedNode other = nodes.remove(2);
        one.crash();
        other.crash();
        nodes.add(ring.start(one.disk(), other.address()));
        nodes.add(ring.start(other.disk(), one.address()));
        ring.assertBecomesOneRing(nodes, 30);
        assertThat(nodes).anyMatch(node -> node.self().sameNode(one.self()) && node.address().equals(other.address()));
    }

    @Test
    void with_an_empty_disk_it_is_a_new_node() {
        List<SimulatedNode> nodes = ring.grow(5);
        SimulatedNode old = nodes.removeLast();
        old.crash();
        SimulatedNode fresh = ring.start(new SimulatedDisk(), old.address(), nodes.getFirst());
        nodes.add(fresh);
        ring.assertBecomesOneRing(nodes, 25);
        assertThat(fresh.self().id()).isNotEqualTo(old.self().id());
    }

    @Test
    void a_node_that_was_always_alone_comes_back_as_the_same_ring() {
        SimulatedNode node = ring.start();
        ring.run(Duration.ofSeconds(30));
        SimulatedNode back = ring.restart(node);
        ring.assertBecomesOneRing(List.of(back), 5);
        assertThat(back.state().ringId()).isEqualTo(node.state().ringId());
        assertThat(back.self().id()).isEqualTo(node.self().id());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8, 20})
    void everybody_switched_off_and_on_again_is_one_ring_again(int size) {
        List<SimulatedNode> nodes = ring.grow(size);
        ring.run(Duration.ofSeconds(30));
        nodes.forEach(SimulatedNode::crash);
        ring.run(Duration.ofSeconds(60));

        List<SimulatedNode> back = nodes.stream().map(ring::restart).toList();
        ring.assertBecomesOneRing(back, 60);
        assertThat(back.getFirst().state().ringId()).isEqualTo(nodes.getFirst().state().ringId());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8, 20})
    void also_when_they_were_shut_down_gracefully_one_after_the_other(int size) throws Exception {
        List<SimulatedNode> nodes = ring.grow(size);
        ring.run(Duration.ofSeconds(30));
        for (SimulatedNode node : nodes) {
            node.switchOff();
            ring.run(Duration.ofMillis(1500));
        }
        ring.run(Duration.ofSeconds(60));
        ring.assertBecomesOneRing(nodes.stream().map(ring::restart).toList(), 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void also_when_they_were_shut_down_one_a_minute(int size) throws Exception {
        List<SimulatedNode> nodes = ring.grow(size);
        ring.run(Duration.ofSeconds(30));
        for (SimulatedNode node : nodes) {
            node.switchOff();
            ring.run(Duration.ofSeconds(60));
        }
        ring.assertBecomesOneRing(nodes.stream().map(ring::restart).toList(), 60);
    }

    @Test
    void also_when_one_comes_back_long_before_the_others() {
        List<SimulatedNode> nodes = ring.grow(5);
        ring.run(Duration.ofSeconds(30));
        nodes.forEach(SimulatedNode::crash);
        List<SimulatedNode> back = new ArrayList<>();
        for (SimulatedNode node : nodes) {
            back.add(ring.restart(node));
            ring.run(Duration.ofSeconds(45));
        }
        ring.assertBecomesOneRing(back, 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void a_majority_is_enough(int size) {
        List<SimulatedNode> nodes = ring.grow(size);
        ring.run(Duration.ofSeconds(30));
        nodes.forEach(SimulatedNode::crash);
        List<SimulatedNode> back = new ArrayList<>(
                nodes.subList(0, size / 2 + 1).stream().map(ring::restart).toList());
        ring.assertBecomesOneRing(back, 60);

        back.addAll(nodes.subList(size / 2 + 1, size).stream().map(ring::restart).toList());
        ring.assertBecomesOneRing(back, 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void a_minority_does_not_found_a_ring(int size) {
        List<SimulatedNode> nodes = ring.grow(size);
        ring.run(Duration.ofSeconds(30));
        nodes.forEach(SimulatedNode::crash);
        List<SimulatedNode> back = nodes.subList(0, size / 2).stream().map(ring::restart).toList();
        ring.run(Duration.ofSeconds(120));
        assertThat(back).allMatch(node -> node.state().status() == RingStatus.JOINING);
    }

    /** In a ring larger than the lists, a node's list overlaps only with those of near neighbours. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7, 9, 12, 15, 18})
    void any_number_of_nodes_that_return_to_a_larger_ring_never_found_two(int missing) {
        List<SimulatedNode> nodes = ring.grow(20);
        ring.run(Duration.ofSeconds(30));
        nodes.sort(Comparator.comparing(node -> node.self().id()));
        nodes.forEach(SimulatedNode::crash);
        List<SimulatedNode> back = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (i != missing) {
                back.add(ring.restart(nodes.get(i)));
            }
        }
        ring.assertBecomesOneRing(back, 90);
    }

    @Test
    void halves_that_do_not_see_each_other_at_power_on_never_found_two_rings() {
        List<SimulatedNode> nodes = ring.grow(20);
        ring.run(Duration.ofSeconds(30));
        nodes.sort(Comparator.comparing(node -> node.self().id()));
        nodes.forEach(SimulatedNode::crash);
        List<SimulatedNode> left = nodes.subList(0, 10).stream().map(ring::restart).toList();
        List<SimulatedNode> right = nodes.subList(10, 20).stream().map(ring::restart).toList();
        ring.cut((from, to) -> left.contains(from) != left.contains(to));
        ring.run(Duration.ofSeconds(60));
        assertThat(left.stream().anyMatch(node -> node.state().status().isMember())
                && right.stream().anyMatch(node -> node.state().status().isMember())).as("two rings").isFalse();
        ring.heal();
        List<SimulatedNode> all = new ArrayList<>(left);
        all.addAll(right);
        ring.assertBecomesOneRing(all, 90);
    }

    @Test
    void one_that_just_joined_and_restarts_while_cut_off_does_not_found_a_ring() {
        List<SimulatedNode> nodes = ring.grow(3);
        SimulatedNode joiner = ring.start(nodes.getFirst());
        ring.runUntil(() -> joiner.state().status() == RingStatus.MEMBER, 10);
        SimulatedNode back = ring.restart(joiner);
        ring.cutOff(back);
        ring.run(Duration.ofSeconds(60));
        assertThat(back.state().status()).isEqualTo(RingStatus.JOINING);

        ring.heal();
        nodes.add(back);
        ring.assertBecomesOneRing(nodes, 30);
    }

    @Test
    void a_founder_that_restarts_just_after_the_first_joined_does_not_split_the_ring() {
        SimulatedNode founder = ring.start();
        ring.run(Duration.ofMillis(500));
        SimulatedNode joiner = ring.start(founder);
        ring.runUntil(() -> joiner.state().status() == RingStatus.MEMBER, 10);
        SimulatedNode back = ring.restart(founder);
        ring.assertBecomesOneRing(List.of(back, joiner), 30);
    }
}
