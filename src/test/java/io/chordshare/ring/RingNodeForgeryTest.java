package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.id.Slots;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingRequest.Notify;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import io.chordshare.ring.protocol.RingRequest.UnifyRings;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.RingsMerged;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that anybody can forge. None of them removes, renames or moves a node. */
class RingNodeForgeryTest {

    private static final Duration WHILE_IT_COUNTS = Duration.ofSeconds(3);

    private final InMemoryRing ring = new InMemoryRing(70);
    private final List<SimulatedNode> nodes = new ArrayList<>(ring.grow(6));

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 1_000_000_000, Peer.MAX_INCARNATION})
    void a_leave_notice_with_an_unknown_incarnation_removes_nobody(long incarnation) {
        SimulatedNode victim = nodes.get(2);
        assertThat(victim.self().incarnation()).isEqualTo(1);
        SimulatedNode before = predecessorOf(victim);
        LeaveNotice forged = new LeaveNotice(claim(victim, incarnation), before.self(), true);
        for (boolean forGood : new boolean[] {true, false}) {
            tellAll(new LeaveNotice(forged.leaver(), forged.predecessor(), forGood));
            assertNobodyLoses(victim);
        }
        assertThat(nodes).allSatisfy(node -> assertThat(node.disk().load().orElseThrow().electors())
                .anyMatch(victim.self()::equals));
    }

    @Test
    void a_leave_notice_that_is_not_believed_is_not_forwarded() throws Exception {
        ring.forgetMessages();
        SimulatedNode told = nodes.getFirst();
        tell(told, new LeaveNotice(claim(nodes.get(2), 1_000_000_000), null, true));
        ring.run(Duration.ofSeconds(1));
        assertThat(ring.messages(BroadcastRequest.class)).isZero();
    }

    @Test
    void a_leaver_whose_last_incarnation_nobody_has_heard_of_yet_is_asked_and_dropped() throws Exception {
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode leaver = nodes.remove(2);
        suspect(leaver, leaver.self().incarnation());
        assertThat(leaver.self().incarnation()).isEqualTo(2);
        leaver.leave();
        ring.run(Duration.ofSeconds(1));
        assertThat(nodes).allSatisfy(node -> assertThat(node.state().successors()).noneMatch(leaver.self()::sameNode));
    }

    @Test
    void strangers_that_are_said_to_be_switched_off_take_nobodys_place_among_the_electors() {
        for (int i = 0; i < 200; i++) {
            tellAll(new LeaveNotice(new Peer(TestPeers.at(i % 256), "http://forged" + i + ":80", 1), null, false));
        }
        ring.run(Duration.ofSeconds(90));
        assertThat(nodes).allSatisfy(node -> assertThat(node.disk().load().orElseThrow().electors())
                .hasSize(nodes.size()));
    }

    @Test
    void ids_of_rings_in_a_message_are_neither_learned_nor_push_out_the_own_one() throws Exception {
        SimulatedNode node = nodes.getFirst();
        String own = node.state().ringId();
        for (int round = 0; round < 10; round++) {
            int first = round * 31;
            List<String> ids = new ArrayList<>(IntStream.range(first, first + 31).mapToObj("%040d"::formatted)
                    .toList());
            ids.add(own);
            node.node().check(new Envelope(node.self().id(), ids), false);
        }
        assertThat(node.state().ringId()).isEqualTo(own);
        assertThat(ask(node, new Ping()).ringIds()).containsExactly(own);
        ring.run(WHILE_IT_COUNTS);
        ring.assertBecomesOneRing(nodes, 1);
    }

    @Test
    void even_a_node_that_learns_all_ids_that_fit_keeps_its_own() {
        SimulatedNode node = nodes.getFirst();
        String own = node.state().ringId();
        RingIds ringIds = new RingIds(new StateCell(node.state()), List.of(own), new Slots(Slots.DEFAULT_COUNT));
        for (int round = 0; round < 10; round++) {
            int first = round * 31;
            List<String> ids = new ArrayList<>(IntStream.range(first, first + 31).mapToObj("%040d"::formatted)
                    .toList());
            ids.add(own);
            assertThat(ringIds.recognize(ids)).isTrue();
        }
        assertThat(ringIds.all()).contains(own).hasSize(Envelope.MAX_RING_IDS);
    }

    @Test
    void a_ring_that_is_said_to_be_merged_with_another_believes_the_other_ones_member_only() throws Exception {
        String own = nodes.getFirst().state().ringId();
        ring.forgetMessages();
        // one contact does not exist, the other exists but is in no such ring
        for (Peer contact : List.of(TestPeers.peer(7), nodes.get(3).self())) {
            tell(nodes.getFirst(), new RingsMerged(List.of(own, "0".repeat(40)), contact));
            ring.run(WHILE_IT_COUNTS);
        }
        assertThat(nodes).extracting(node -> node.state().ringId()).containsOnly(own);
        assertThat(ask(nodes.getFirst(), new Ping()).ringIds()).containsExactly(own);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000, Peer.MAX_INCARNATION - 1, Peer.MAX_INCARNATION})
    void a_suspicion_of_an_incarnation_that_a_node_never_had_is_not_refuted(long incarnation) throws Exception {
        SimulatedNode node = nodes.getFirst();
        suspect(node, incarnation);
        assertThat(node.self().incarnation()).isEqualTo(1);
    }

    @Test
    void a_stranger_that_suspects_a_node_all_the_time_makes_it_neither_write_nor_count_fast() throws Exception {
        SimulatedNode node = nodes.getFirst();
        long writes = node.disk().writes();
        for (int i = 0; i < 1000; i++) {
            suspect(node, node.self().incarnation());
        }
        assertThat(node.self().incarnation()).isEqualTo(2);
        assertThat(node.disk().writes() - writes).isEqualTo(1);
        ring.run(WHILE_IT_COUNTS);
        assertThat(node.disk().writes() - writes).isLessThan(10);
    }

    @Test
    void no_incarnation_is_so_high_that_none_follows() {
        assertThatThrownBy(() -> new Peer(TestPeers.at(1), "http://a:80", Peer.MAX_INCARNATION + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Peer(TestPeers.at(1), "http://a:80", -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Suspect(TestPeers.at(1), Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_notice_in_another_name_changes_no_incarnation() throws Exception {
        SimulatedNode node = nodes.getFirst();
        SimulatedNode before = predecessorOf(node);
        ask(node, new Notify(claim(before, 1_000_000_000)));
        ring.run(WHILE_IT_COUNTS);
        assertThat(node.state().predecessor()).isEqualTo(before.self());
        ask(node, new Notify(new Peer(before.self().id(), "http://elsewhere:80", 2)));
        ring.run(WHILE_IT_COUNTS);
        assertThat(node.state().predecessor()).isEqualTo(before.self());
    }

    /** Another node answers at the forged address, or none does. */
    @Test
    void a_forged_address_of_a_neighbour_removes_it_nowhere() throws Exception {
        SimulatedNode node = nodes.getFirst();
        Peer successor = node.state().successor();
        String another = nodes.stream().filter(other -> !other.self().sameNode(successor)).findFirst().orElseThrow()
                .address();
        List<Peer> gone = new ArrayList<>();
        node.node().listen(new RingListener() {
            @Override
            public void changed(RingState before, RingState after) {
                // allowed for a moment, because other nodes still know it
            }

            @Override
            public void gone(Peer peer, DepartureCause how) {
                gone.add(peer);
            }
        });
        for (String elsewhere : List.of(another, "http://elsewhere:80")) {
            ring.run(WHILE_IT_COUNTS.multipliedBy(2));
            ask(node, new UnifyRings(new Peer(successor.id(), elsewhere, Peer.MAX_INCARNATION)));
            ring.run(WHILE_IT_COUNTS.multipliedBy(2));
            assertThat(gone).as("at %s", elsewhere).isEmpty();
        }
        assertThat(node.state().successor()).isEqualTo(successor);
    }

    @Test
    void an_incarnation_that_was_made_up_gives_way_to_the_nodes_own_word() throws Exception {
        SimulatedNode node = nodes.getFirst();
        Peer successor = node.state().successor();
        RingTestAccess.place(node.node(), node.state().withNewer(new Peer(successor.id(), successor.address(),
                1_000_000_000)));
        ring.run(WHILE_IT_COUNTS);
        assertThat(node.state().successor()).isEqualTo(successor);
    }

    @Test
    void what_others_say_of_a_suspect_moves_it_nowhere() throws Exception {
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode node = nodes.getFirst();
        Peer successor = node.state().successor();
        SimulatedNode teller = nodes.stream().filter(other -> other != node && !other.self().sameNode(successor))
                .findFirst().orElseThrow();
        Pong pong = ask(teller, new Ping());
        Peer moved = new Peer(successor.id(), "http://elsewhere:80", 2);
        RingTestAccess.suspect(node.node(), successor);
        RingTestAccess.answered(node.node(), teller.self(),
                new Pong(pong.self(), pong.ringIds(), pong.status(), List.of(moved), null));
        ring.run(WHILE_IT_COUNTS);
        assertThat(node.state().successor()).isEqualTo(successor);
        assertThat(RingTestAccess.brought(node.node(), successor,
                new Pong(moved, pong.ringIds(), pong.status(), List.of(), null))).isFalse();
        ring.run(WHILE_IT_COUNTS);
        assertThat(node.state().successor()).isEqualTo(successor);
    }

    @Test
    void strangers_that_are_said_to_be_members_push_out_nobody_whom_a_joiner_remembers() throws Exception {
        SimulatedNode joiner = nodes.remove(4);
        ring.run(Duration.ofSeconds(30));
        ring.cut((from, to) -> from.address().equals(joiner.address()) || to.address().equals(joiner.address()));
        SimulatedNode back = ring.restart(joiner);
        ring.run(Duration.ofSeconds(2));
        assertThat(back.state().status()).isEqualTo(RingStatus.JOINING);
        for (int i = 0; i < 200; i++) {
            back.node().answer(new UnifyRings(new Peer(TestPeers.at(i), "http://forged" + i + ":80", 1)));
        }
        ring.run(Duration.ofSeconds(5));
        ring.heal();
        nodes.add(back);
        ring.assertBecomesOneRing(nodes, 30);
    }

    private static Peer claim(SimulatedNode node, long incarnation) {
        return new Peer(node.self().id(), node.address(), incarnation);
    }

    private SimulatedNode predecessorOf(SimulatedNode node) {
        return nodes.stream().filter(other -> other.state().successor().sameNode(node.self())).findFirst()
                .orElseThrow();
    }

    private static <A> A ask(SimulatedNode node, RingRequest<A> question) throws PeerException {
        return node.node().answer(question);
    }

    private static void suspect(SimulatedNode node, long incarnation) throws PeerException {
        ask(node, new Ping(TestPeers.at(1), List.of(new Suspect(node.self().id(), incarnation))));
    }

    private static void tell(SimulatedNode node, News news) throws PeerException {
        ask(node, new BroadcastRequest(news, node.self().id()));
    }

    private void tellAll(News news) {
        for (SimulatedNode node : nodes) {
            try {
                tell(node, news);
            } catch (PeerException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void assertNobodyLoses(SimulatedNode victim) {
        List<SimulatedNode> others = new ArrayList<>(nodes);
        others.remove(victim);
        others.sort(Comparator.comparing(node -> node.self().id()));
        for (int i = 0; i < 60; i++) {
            ring.run(WHILE_IT_COUNTS.dividedBy(60));
            assertThat(RingOracle.problems(nodes, ring.successors())).isEmpty();
        }
    }
}
