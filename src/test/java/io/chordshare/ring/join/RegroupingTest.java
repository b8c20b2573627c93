package io.chordshare.ring.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.ring.InMemoryRing;
import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.ring.protocol.RingRequest.Regroup;
import io.chordshare.ring.protocol.RingRequest.Regrouped;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedDisk;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which node may found a ring again that was switched off. */
class RegroupingTest {

    private static final String RING = "r1";
    /** For this time a started node may be bound by a vote from before its start. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final InMemoryRing ring = new InMemoryRing(19);
    private final SimulatedNode asker = waiting(ChordId.parse("a".repeat(40)), List.of());

    @Test
    void a_node_lets_one_other_begin_at_a_time() throws Exception {
        SimulatedNode node = waiting(id(5), List.of(id(5), id(1), id(2)));
        ring.run(SETTLED);
        assertThat(begins(node, id(1))).isTrue();
        assertThat(begins(node, id(2))).as("another at once").isFalse();
        assertThat(begins(node, id(1))).as("the same again").isTrue();
        ring.run(Duration.ofSeconds(3));
        assertThat(begins(node, id(2))).as("another while the first may still found the ring").isFalse();
        ring.run(Duration.ofMillis(1500));
        assertThat(begins(node, id(2))).as("another later").isTrue();
    }

    @Test
    void a_node_that_has_just_started_lets_nobody_begin_since_it_may_have_given_its_word_before() throws Exception {
        SimulatedNode node = waiting(id(5), List.of(id(5), id(1), id(2)));
        ring.run(SETTLED);
        assertThat(begins(node, id(1))).isTrue();
        node.crash(SimulatedNode.Crash.PROCESS);
        SimulatedNode back = ring.start(node.disk(), ring.newAddress(), asker);
        ring.run(Duration.ofMillis(500));
        assertThat(begins(back, id(2))).isFalse();
        ring.run(SETTLED);
        assertThat(begins(back, id(2))).isTrue();
    }

    @Test
    void members_strangers_and_those_that_left_let_nobody_begin() throws Exception {
        SimulatedNode stranger = start(id(6), "r2", false, List.of(id(6), id(1)));
        SimulatedNode leaver = start(id(7), RING, true, List.of(id(7), id(1)));
        SimulatedNode alone = ring.start(new SimulatedDisk(), ring.newAddress());
        ring.run(SETTLED);
        assertThat(begins(stranger, id(1))).isFalse();
        assertThat(begins(leaver, id(1))).isFalse();
        assertThat(alone.state().status()).isEqualTo(RingStatus.ALONE);
        Regrouped answer = ask(alone, new Regroup(peer(id(1)), List.of(alone.state().ringId()), List.of(), true));
        assertThat(answer.agrees()).isFalse();
        assertThat(answer.status()).isEqualTo(RingStatus.ALONE);
    }

    /** One node was away while the ring changed: the majority that it remembers is no majority any more. */
    @Test
    void a_node_with_outdated_electors_needs_a_majority_of_the_electors_of_others_too() {
        SimulatedNode old = waiting(id(1), List.of(id(1), id(2), id(3)));
        SimulatedNode newer = waiting(id(2), List.of(id(2), id(3), id(4), id(5), id(6)), old);
        ring.run(Duration.ofMinutes(2));
        assertThat(List.of(old, newer)).extracting(node -> node.state().status()).containsOnly(RingStatus.JOINING);

        SimulatedNode third = waiting(id(4), List.of(id(2), id(3), id(4), id(5), id(6)), old);
        SimulatedNode fourth = waiting(id(5), List.of(id(2), id(3), id(4), id(5), id(6)), old);
        assertThat(ring.runUntil(() -> Stream.of(old, newer, third, fourth)
                .allMatch(node -> node.state().status() == RingStatus.MEMBER), 30)).isTrue();
    }

    @Test
    void who_left_the_ring_meanwhile_is_not_waited_for() {
        SimulatedNode one = waiting(id(1), List.of(id(1), id(2), id(3), id(4)));
        SimulatedNode other = waiting(id(2), List.of(id(1), id(2), id(3), id(4)), one);
        ring.run(Duration.ofMinutes(1));
        assertThat(one.state().status()).isEqualTo(RingStatus.JOINING);
        // it still has its data and its id, but is a ring of its own
        SimulatedDisk disk = new SimulatedDisk();
        disk.save(new IdentityStore.Identity(id(3), 4, "r3", false, List.of(), List.of()));
        ring.start(disk, address(id(3)));
        assertThat(ring.runUntil(() -> Stream.of(one, other)
                .allMatch(node -> node.state().status() == RingStatus.MEMBER), 30)).isTrue();
    }

    private boolean begins(SimulatedNode asked, ChordId candidate) throws Exception {
        return ask(asked, new Regroup(peer(candidate), List.of(RING), List.of(), true)).agrees();
    }

    private Regrouped ask(SimulatedNode asked, Regroup question) throws Exception {
        return ring.ask(asker, () -> asker.call(asked.self(), question));
    }

    private SimulatedNode waiting(ChordId id, List<ChordId> electors, SimulatedNode... seeds) {
        return start(id, RING, false, electors, seeds);
    }

    private SimulatedNode start(ChordId id, String ringId, boolean left, List<ChordId> electors,
            SimulatedNode... seeds) {
        SimulatedDisk disk = new SimulatedDisk();
        List<Peer> peers = electors.stream().map(RegroupingTest::peer).toList();
        disk.save(new IdentityStore.Identity(id, 0, ringId, left, peers, peers.isEmpty() ? List.of(peer(id(9)))
                : peers));
        return ring.start(disk, ring.newAddress(), seeds);
    }

    private static Peer peer(ChordId id) {
        return new Peer(id, address(id), 1);
    }

    /** The address before the restart. */
    private static String address(ChordId id) {
        return "http://old-" + id.toString().charAt(0) + ":8080";
    }

    private static ChordId id(int digit) {
        return ChordId.parse(Integer.toHexString(digit).repeat(40));
    }
}
