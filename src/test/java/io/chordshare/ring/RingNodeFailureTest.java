package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.simulation.Latency;
import io.chordshare.simulation.SimulatedNode;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that die or become unreachable. */
class RingNodeFailureTest {

    private static final Comparator<SimulatedNode> BY_ID = Comparator.comparing(node -> node.self().id());

    private final InMemoryRing ring = new InMemoryRing(20);

    @Test
    void a_crashed_node_is_dropped_and_the_ring_closes() {
        List<SimulatedNode> nodes = ring.grow(8);
        SimulatedNode dead = nodes.remove(3);
        dead.crash();

        ring.assertBecomesOneRing(nodes, 15);
        ring.runUntil(() -> new RingOracle(nodes).wrongFingers().isEmpty(), 20);
        assertThat(new RingOracle(nodes).wrongFingers()).isEmpty();
    }

    @Test
    void who_listens_hears_that_a_neighbour_is_suspected_and_then_that_it_is_gone() {
        List<SimulatedNode> nodes = ring.grow(5);
        SimulatedNode dead = nodes.remove(2);
        List<String> heard = new ArrayList<>();
        nodes.getFirst().node().listen(new RingListener() {
            @Override
            public void changed(RingState before, RingState after) {
                // this test looks only at the dead node
            }

            @Override
            public void suspected(Peer peer, boolean isSuspected) {
                heard.add(isSuspected ? "suspected" : "cleared");
                assertThat(peer.sameNode(dead.self())).isTrue();
            }

            @Override
            public void gone(Peer peer, DepartureCause how) {
                heard.add("gone " + how);
            }
        });
        dead.crash();

        ring.assertBecomesOneRing(nodes, 15);
        assertThat(heard).containsExactly("suspected", "cleared", "gone DEAD");
    }

    @Test
    void a_dead_node_is_removed_at_once_even_while_a_step_waits_for_a_slow_peer() throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        SimulatedNode node = nodes.getFirst();
        List<Peer> list = node.state().successors();
        waitForALateAnswer(node, list.getFirst());

        RingTestAccess.declareDead(node.node(), list.get(1));
        assertThat(node.state().successors()).containsExactly(list.getFirst(), list.get(2));
    }

    @Test
    void the_last_words_of_a_successor_that_was_declared_dead_meanwhile_count_as_lost() throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        SimulatedNode node = nodes.getFirst();
        List<Peer> list = node.state().successors();
        waitForALateAnswer(node, list.getFirst());
        nodes.stream().filter(other -> other.self().sameNode(list.getFirst())).forEach(SimulatedNode::crash);

        RingTestAccess.declareDead(node.node(), list.getFirst());
        ring.run(Duration.ofSeconds(1));
        assertThat(node.state().successors()).containsExactlyElementsOf(list.subList(1, 3));
    }

    /** A step of {@code node} has asked {@code successor}, which has answered, and the answer is under way for long. */
    private void waitForALateAnswer(SimulatedNode node, Peer successor) {
        node.stopTicking();
        ring.run(Duration.ofSeconds(3));
        ring.setLatency(successor.address(), node.address(), Latency.fixed(Duration.ofMillis(600)));
        // the estimate must know a late answer, so that the next one counts as in time
        node.start("ping", () -> RingTestAccess.askWithLongTimeout(node.node(), successor));
        ring.run(Duration.ofSeconds(1));
        node.start("step", () -> RingTestAccess.stabilize(node.node()));
        ring.run(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void up_to_r_minus_one_neighbours_may_crash_at_once(int crashed) {
        for (int first = 0; first < 10; first++) {
            InMemoryRing fresh = new InMemoryRing(100 + first);
            List<SimulatedNode> nodes = fresh.grow(10);
            nodes.sort(BY_ID);
            List<SimulatedNode> dead = new ArrayList<>();
            for (int i = 0; i < crashed; i++) {
                dead.add(nodes.get((first + i) % nodes.size()));
            }
            dead.forEach(SimulatedNode::crash);
            nodes.removeAll(dead);
            fresh.assertBecomesOneRing(nodes, 25);
        }
    }

    @Test
    void in_a_ring_as_small_as_its_list_all_but_one_may_crash_and_come_back() {
        List<SimulatedNode> nodes = ring.grow(4);
        SimulatedNode last = nodes.removeFirst();
        nodes.forEach(SimulatedNode::crash);
        ring.run(Duration.ofSeconds(20));
        assertThat(last.state().status()).isEqualTo(RingStatus.ISOLATED);

        List<SimulatedNode> back = new ArrayList<>(nodes.stream().map(ring::restart).toList());
        back.add(last);
        ring.assertBecomesOneRing(back, 30);
    }

    @Test
    void the_survivor_of_two_is_isolated_and_never_a_ring_by_itself() {
        List<SimulatedNode> nodes = ring.grow(2);
        String ringId = nodes.getFirst().state().ringId();
        nodes.getLast().crash();
        ring.run(Duration.ofSeconds(60));
        RingState survivor = nodes.getFirst().state();
        assertThat(survivor.status()).isEqualTo(RingStatus.ISOLATED);
        assertThat(survivor.ringId()).isEqualTo(ringId);

        SimulatedNode back = ring.restart(nodes.getLast());
        ring.assertBecomesOneRing(List.of(nodes.getFirst(), back), 20);
        assertThat(back.state().ringId()).isEqualTo(ringId);
    }

    @Test
    void two_that_were_cut_off_from_each_other_find_each_other_again() {
        List<SimulatedNode> nodes = ring.grow(2);
        ring.cutOff(nodes.getFirst());
        ring.run(Duration.ofSeconds(20));
        assertThat(nodes).allMatch(node -> node.state().status() == RingStatus.ISOLATED);

        ring.heal();
        ring.assertBecomesOneRing(nodes, 20);
    }

    @Test
    void a_node_that_was_cut_off_takes_its_place_again() {
        List<SimulatedNode> nodes = ring.grow(12);
        SimulatedNode lonely = nodes.get(5);
        ring.cutOff(lonely);
        ring.run(Duration.ofSeconds(30));
        assertThat(lonely.state().status()).isEqualTo(RingStatus.ISOLATED);
        ring.assertBecomesOneRing(nodes.stream().filter(node -> node != lonely).toList(), 1);

        ring.heal();
        ring.assertBecomesOneRing(nodes, 40);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void everybody_cut_off_from_everybody_is_one_ring_again_when_the_network_is_back(long seed) {
        InMemoryRing fresh = new InMemoryRing(seed);
        List<SimulatedNode> nodes = fresh.grow(6);
        fresh.cut((from, to) -> from != to);
        fresh.run(Duration.ofSeconds(30));

        fresh.heal();
        fresh.assertBecomesOneRing(nodes, 120);
    }

    @Test
    void busy_is_a_sign_of_life_and_changes_nothing() throws Exception {
        List<SimulatedNode> nodes = ring.grow(5);
        nodes.forEach(SimulatedNode::stopTicking);
        ring.run(Duration.ofSeconds(10));
        SimulatedNode asker = nodes.getFirst();
        RingState before = asker.state();
        SimulatedNode busy = nodes.stream().filter(node -> node.self().sameNode(before.successor())).findFirst()
                .orElseThrow();
        // its own successor is silent, so it is waiting for an answer
        SimulatedNode beyond = nodes.stream().filter(node -> node.self().sameNode(busy.state().successor())).findFirst()
                .orElseThrow();
        ring.cut((from, to) -> to == beyond);
        busy.node().stabilizeTick();
        ring.run(Duration.ofMillis(20));

        RingRequest.Neighbours answer = ring
                .ask(asker, () -> asker.call(busy.self(), new RingRequest.GetPredecessorAndSuccessors()));
        assertThat(answer.busy()).isTrue();
        long stepsBefore = asker.node().inspection().steps().done();
        asker.node().stabilizeTick();
        ring.run(Duration.ofMillis(300));
        assertThat(asker.node().inspection().steps().done()).as("the step was dropped").isGreaterThan(stepsBefore);
        assertThat(asker.node().inspection().steps().running()).isNull();
        assertThat(asker.state()).isEqualTo(before);
        // lookups, displays and pings do not wait
        assertThat(ring.ask(asker, () -> asker.call(busy.self(), new RingRequest.GetNeighbours())).busy()).isFalse();
    }

    @Test
    void a_peer_that_answers_with_an_error_is_alive_and_stays() {
        List<SimulatedNode> nodes = ring.grow(6);
        nodes.get(2).refuseWith(PeerException.Reason.OVERLOADED);
        List<RingState> before = nodes.stream().map(SimulatedNode::state).toList();
        ring.run(Duration.ofSeconds(30));
        for (int i = 0; i < nodes.size(); i++) {
            assertThat(nodes.get(i).state().successors()).isEqualTo(before.get(i).successors());
            assertThat(nodes.get(i).state().predecessor()).isEqualTo(before.get(i).predecessor());
        }
    }

    @Test
    void one_lost_answer_kills_nobody() {
        List<SimulatedNode> nodes = ring.grow(6);
        List<List<ChordId>> before = nodes.stream().map(RingNodeFailureTest::successors).toList();
        ring.cut((from, to) -> from != to);
        ring.run(Duration.ofMillis(600));
        ring.heal();
        for (int i = 0; i < 200; i++) {
            ring.run(Duration.ofMillis(50));
            for (int n = 0; n < nodes.size(); n++) {
                // the suspects have refuted the suspicion, so their incarnations may be higher
                assertThat(successors(nodes.get(n))).isEqualTo(before.get(n));
            }
        }
    }

    private static List<ChordId> successors(SimulatedNode node) {
        return node.state().successors().stream().map(Peer::id).toList();
    }

    @Test
    void a_failed_call_never_makes_a_node_its_own_successor() {
        List<SimulatedNode> nodes = ring.grow(5);
        for (SimulatedNode node : nodes) {
            node.node().listen(new RingListener() {
                @Override
                public void changed(RingState before, RingState after) {
                    assertThat(after.status()).isNotEqualTo(RingStatus.ALONE);
                    assertThat(after.successors()).noneMatch(after.self()::sameNode);
                }

                @Override
                public void gone(Peer peer, DepartureCause how) {
                    assertThat(peer.sameNode(node.self())).isFalse();
                }
            });
        }
        ring.cut((from, to) -> from != to);
        ring.run(Duration.ofSeconds(30));
        assertThat(nodes).allMatch(node -> node.state().status() == RingStatus.ISOLATED);
    }

    @Test
    void a_notification_from_a_silent_node_changes_nothing() throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        SimulatedNode told = nodes.getFirst();
        SimulatedNode teller = nodes.getLast();
        ChordId justBefore = told.self().id().plus(BigInteger.ONE.negate());
        Peer dead = new Peer(justBefore, "http://nobody:1", 1);
        RingState before = told.state();
        ring.ask(teller, () -> teller.call(told.self(), new RingRequest.Notify(dead)));
        for (int i = 0; i < 200; i++) {
            ring.run(Duration.ofMillis(20));
            assertThat(told.state().predecessor()).isEqualTo(before.predecessor());
        }
    }

    @Test
    void a_predecessor_of_the_successor_that_is_dead_is_never_adopted() {
        List<SimulatedNode> nodes = ring.grow(4);
        nodes.sort(BY_ID);
        SimulatedNode middle = nodes.get(1);
        SimulatedNode before = nodes.getFirst();
        SimulatedNode successor = nodes.get(2);
        middle.crash();
        assertThat(ring.runUntil(() -> !before.state().successor().sameNode(middle.self()), 10)).isTrue();
        for (int i = 0; i < 100; i++) {
            // its successor still names it, whatever the failure detector says
            RingTestAccess.place(successor.node(), successor.state().withPredecessor(middle.self()));
            ring.run(Duration.ofMillis(50));
            assertThat(before.state().successor().sameNode(middle.self())).isFalse();
        }
    }

    @Test
    void a_peer_that_others_still_reach_is_not_given_up() {
        List<SimulatedNode> nodes = ring.grow(6);
        nodes.sort(BY_ID);
        SimulatedNode one = nodes.get(1);
        SimulatedNode other = nodes.get(2);
        ring.cut((from, to) -> from == one && to == other);
        for (int i = 0; i < 600; i++) {
            ring.run(Duration.ofMillis(50));
            assertThat(one.state().successor().sameNode(other.self())).isTrue();
            assertThat(other.state().predecessor().sameNode(one.self())).isTrue();
        }
        ring.heal();
        ring.assertBecomesOneRing(nodes, 30);
    }

    @Test
    void a_node_that_suspects_a_peer_itself_reports_so_when_asked_to_ping_it() throws Exception {
        List<SimulatedNode> nodes = ring.grow(12);
        nodes.sort(BY_ID);
        SimulatedNode dead = nodes.removeFirst();
        SimulatedNode asker = nodes.get(5);
        dead.crash();
        ring.run(Duration.ofSeconds(10));
        assertThat(suspects(asker, nodes.getFirst(), dead.self())).as("its successor").isTrue();
        assertThat(suspects(asker, nodes.getLast(), dead.self())).as("its predecessor").isTrue();
        assertThat(suspects(asker, nodes.get(4), dead.self())).as("one that never watched it").isFalse();
        Peer back = new Peer(dead.self().id(), dead.address(), dead.self().incarnation() + 1);
        assertThat(suspects(asker, nodes.getFirst(), back)).as("of the process that comes after").isFalse();
    }

    private boolean suspects(SimulatedNode asker, SimulatedNode target, Peer peer) throws Exception {
        return ring.ask(asker, () -> asker.call(target.self(), new RingRequest.PingReq(peer, 200))).isSuspected();
    }
}
