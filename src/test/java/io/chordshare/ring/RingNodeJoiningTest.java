package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.chordshare.id.ChordId;
import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.ring.protocol.JoinFailedException.Reason;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.simulation.SimulatedDisk;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins that a person requests, and joins that the ring refuses. */
class RingNodeJoiningTest {

    private final InMemoryRing ring = new InMemoryRing(80);

    @Test
    void a_ring_of_one_joins_the_ring_of_any_member() throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        SimulatedNode alone = ring.start();
        ring.run(Duration.ofSeconds(3));
        alone.join(nodes.get(2));
        nodes.add(alone);
        ring.assertBecomesOneRing(nodes, 10);
    }

    @Test
    void joining_the_ring_that_one_is_in_changes_nothing() throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        RingState before = nodes.getFirst().state();
        nodes.getFirst().join(nodes.getLast());
        assertThat(nodes.getFirst().state()).isEqualTo(before);
    }

    @Test
    void where_a_tenth_of_all_messages_is_lost_new_nodes_are_in_within_a_minute() {
        List<SimulatedNode> nodes = new ArrayList<>(ring.world.ideal(80));
        ring.world.network().setLoss(0.1);
        List<SimulatedNode> joiners = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            joiners.add(ring.start(nodes.get(ring.random.nextInt(nodes.size()))));
            ring.run(Duration.ofSeconds(5));
        }
        ring.runUntil(() -> joiners.stream().allMatch(joiner -> joiner.state().status() == RingStatus.MEMBER), 60);
        assertThat(joiners).extracting(joiner -> joiner.state().status()).containsOnly(RingStatus.MEMBER);
    }

    @Test
    void joining_oneself_is_refused() {
        SimulatedNode node = ring.start();
        ring.run(Duration.ofSeconds(1));
        assertThat(reason(node, node.address())).isEqualTo(Reason.ONESELF);
        assertThat(node.state().status()).isEqualTo(RingStatus.ALONE);
    }

    @Test
    void joining_where_nobody_is_is_refused() {
        SimulatedNode node = ring.start();
        ring.run(Duration.ofSeconds(1));
        assertThat(reason(node, "http://nobody:1")).isEqualTo(Reason.NOBODY_THERE);
        assertThat(node.state().status()).isEqualTo(RingStatus.ALONE);
    }

    @Test
    void joining_a_node_that_is_not_a_member_is_refused() {
        SimulatedNode missing = ring.start();
        missing.crash();
        SimulatedNode waiting = ring.start(missing);
        SimulatedNode node = ring.start();
        ring.run(Duration.ofSeconds(1));
        assertThat(reason(node, waiting.address())).isEqualTo(Reason.NOT_A_MEMBER);
        assertThat(node.state().status()).isEqualTo(RingStatus.ALONE);
    }

    @Test
    void a_member_of_a_ring_with_others_does_not_join_another() {
        List<SimulatedNode> nodes = ring.grow(3);
        List<SimulatedNode> others = ring.grow(2);
        assertThat(reason(nodes.getFirst(), others.getFirst().address())).isEqualTo(Reason.IN_ANOTHER_RING);
        ring.assertBecomesOneRing(nodes, 1);
        ring.assertBecomesOneRing(others, 1);
    }

    @Test
    void an_isolated_node_does_not_join_another_ring() {
        List<SimulatedNode> nodes = ring.grow(2);
        List<SimulatedNode> others = ring.grow(2);
        nodes.getLast().crash();
        ring.runUntil(() -> nodes.getFirst().state().status() == RingStatus.ISOLATED, 20);
        assertThat(reason(nodes.getFirst(), others.getFirst().address())).isEqualTo(Reason.IN_ANOTHER_RING);
        assertThat(nodes.getFirst().state().status()).isEqualTo(RingStatus.ISOLATED);
    }

    @Test
    void two_rings_of_one_that_join_each_other_at_once_never_lose_themselves() {
        SimulatedNode one = ring.start();
        SimulatedNode other = ring.start();
        ring.run(Duration.ofSeconds(2));
        one.start("join", () -> joinQuietly(one, other));
        other.start("join", () -> joinQuietly(other, one));
        ring.run(Duration.ofSeconds(90));
        boolean together = RingOracle.problems(List.of(one, other), 4).isEmpty();
        boolean apart = RingOracle.problems(List.of(one), 4).isEmpty()
                && RingOracle.problems(List.of(other), 4).isEmpty();
        assertThat(together || apart).as("%s and %s", one.state(), other.state()).isTrue();
    }

    /** Copies of a disk: as it was before the last start, as it is now, and after several starts of the copy. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7})
    void a_copy_of_a_live_nodes_disk_is_refused_and_harms_nobody(int newer) {
        List<SimulatedNode> nodes = ring.grow(5);
        SimulatedNode original = nodes.get(2);
        ring.run(Duration.ofSeconds(5));
        SimulatedDisk copied = new SimulatedDisk();
        IdentityStore.Identity identity = original.disk().load().orElseThrow();
        copied.save(new IdentityStore.Identity(identity.id(), identity.incarnation() + newer, identity.ringId(), false,
                identity.electors(), identity.knownPeers()));
        SimulatedNode copy = ring.start(copied, ring.newAddress(), nodes.getFirst());
        ring.run(Duration.ofSeconds(60));
        assertThat(copy.state().status()).isEqualTo(RingStatus.JOINING);
        assertThat(reason(copy, nodes.getFirst().address())).isEqualTo(Reason.ID_TAKEN);
        ring.assertBecomesOneRing(nodes, 1);
    }

    @Test
    void only_one_joiner_at_a_time_gets_in_between_two_neighbours() throws Exception {
        SimulatedNode member = ring.start();
        SimulatedNode asker = ring.start(member);
        asker.crash();
        ring.run(Duration.ofSeconds(1));
        // its seed is gone, so it is in no ring, like every joiner
        SimulatedNode other = ring.start(asker);
        ring.run(Duration.ofSeconds(1));
        List<RingRequest.JoinVerdict> verdicts = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            Peer joiner = startWith(member.self().id().plusPowerOfTwo(150 + i), asker).self();
            verdicts.add(ring.ask(other, () -> other.call(member.self(), new RingRequest.Join(joiner))).verdict());
        }
        assertThat(verdicts).containsExactly(RingRequest.JoinVerdict.ADMITTED, RingRequest.JoinVerdict.WAIT);

        ring.run(Duration.ofSeconds(5));
        Peer later = startWith(member.self().id().plusPowerOfTwo(153), asker).self();
        assertThat(ring.ask(other, () -> other.call(member.self(), new RingRequest.Join(later))).verdict())
                .as("the first never came").isEqualTo(RingRequest.JoinVerdict.ADMITTED);
        assertThat(member.state().successors()).as("nothing unpinged is adopted").isEmpty();
    }

    /** Starts a node with this id that does not enter the ring by itself. */
    private SimulatedNode startWith(ChordId id, SimulatedNode gone) {
        SimulatedDisk disk = new SimulatedDisk();
        disk.save(new IdentityStore.Identity(id, 0, null, false, List.of(), List.of()));
        return ring.start(disk, ring.newAddress(), gone);
    }

    /** Either nobody can call the joiner, or another node answers at its address. */
    @ParameterizedTest
    @EnumSource(names = {"NO_ANSWER", "NOT_THAT_NODE"})
    void a_joiner_that_does_not_answer_at_its_address_is_refused_with_the_reason(PeerException.Reason called)
            throws Exception {
        List<SimulatedNode> nodes = ring.grow(4);
        RingState before = nodes.getFirst().state();
        SimulatedNode fresh = ring.start();
        SimulatedNode member = nodes.getFirst();
        ring.run(Duration.ofSeconds(1));
        fresh.refuseWith(called);
        JoinFailedException failure =
                catchThrowableOfType(JoinFailedException.class, () -> fresh.joinAt(member.address()));
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure).hasMessageContaining(fresh.address()).hasMessageContaining("advertised-address");
        assertThat(fresh.state().status()).isEqualTo(RingStatus.ALONE);
        assertThat(member.state()).isEqualTo(before);

        fresh.refuseWith(null);
        fresh.joinAt(member.address());
        nodes.add(fresh);
        ring.assertBecomesOneRing(nodes, 10);
    }

    @Test
    void nobody_gets_in_for_another_process_of_it() throws Exception {
        SimulatedNode member = ring.start();
        SimulatedNode gone = ring.start(member);
        gone.crash();
        SimulatedNode waiting = startWith(member.self().id().plusPowerOfTwo(150), gone);
        ring.run(Duration.ofSeconds(1));
        Peer later = new Peer(waiting.self().id(), waiting.address(), waiting.self().incarnation() + 1);
        assertThat(ring.ask(waiting, () -> waiting.call(member.self(), new RingRequest.Join(later))).verdict())
                .isEqualTo(RingRequest.JoinVerdict.UNREACHABLE);
    }

    /** The member that is asked may leave at any moment between the lookup and the question. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 180, 200})
    void a_joiner_never_ends_in_the_ring_of_one_of_a_member_that_left(int millis) throws Exception {
        List<SimulatedNode> nodes = ring.grow(3);
        SimulatedNode leaver = nodes.removeLast();
        nodes.add(ring.start(nodes.getFirst()));
        ring.run(Duration.ofMillis(millis));
        leaver.leave();
        ring.assertBecomesOneRing(nodes, 30);
    }

    @Test
    void a_ring_is_not_told_about_by_nodes_of_another() throws Exception {
        List<SimulatedNode> nodes = ring.grow(3);
        SimulatedNode stranger = ring.start();
        ring.run(Duration.ofSeconds(2));
        SimulatedNode told = nodes.getFirst();
        // directly to the node, without the check of the transport
        told.node().answer(new RingRequest.Notify(stranger.self()));
        ring.run(Duration.ofSeconds(10));
        ring.assertBecomesOneRing(nodes, 1);
        assertThat(stranger.state().status()).isEqualTo(RingStatus.ALONE);
    }

    private Reason reason(SimulatedNode node, String address) {
        JoinFailedException failure = catchThrowableOfType(JoinFailedException.class, () -> node.joinAt(address));
        assertThat(failure).isNotNull();
        return failure.reason();
    }

    private static void joinQuietly(SimulatedNode node, SimulatedNode entry) {
        try {
            node.node().join(entry.address(), Duration.ofSeconds(60));
        } catch (Exception e) {
            assertThat(e).isInstanceOf(JoinFailedException.class);
        }
    }
}
