package io.chordshare.ring.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.InMemoryRing;
import io.chordshare.ring.RingOracle;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookupTest {

    private InMemoryRing ring = new InMemoryRing(120);

    @Test
    void it_finds_the_owner_from_every_node_within_log_n_hops() throws Exception {
        List<SimulatedNode> nodes = grown(64);
        RingOracle oracle = new RingOracle(nodes);
        int hops = 0;
        int lookups = 0;
        for (SimulatedNode node : nodes) {
            for (int i = 0; i < 10; i++) {
                ChordId key = ChordId.random(ring.random);
                LookupResult found = node.lookup(key);
                assertThat(found.owner()).isEqualTo(oracle.owner(key).self());
                assertThat(new RingInterval(found.predecessor().id(), found.owner().id()).contains(key)).isTrue();
                assertThat(found.hops()).isLessThanOrEqualTo(7);
                assertThat(found.path()).doesNotHaveDuplicates().doesNotContain(node.self());
                hops += found.hops();
                lookups++;
            }
        }
        assertThat((double) hops / lookups).as("the paper's 1/2 log2 N").isLessThanOrEqualTo(3.0);
    }

    @Test
    void the_key_that_is_a_nodes_id_is_its_own_and_the_next_is_not() throws Exception {
        List<SimulatedNode> nodes = grown(12);
        for (SimulatedNode owner : nodes) {
            for (SimulatedNode asker : nodes) {
                assertThat(asker.lookup(owner.self().id()).owner()).isEqualTo(owner.self());
                assertThat(asker.lookup(owner.self().id().plusPowerOfTwo(0)).owner())
                        .isEqualTo(owner.state().successor());
            }
        }
    }

    @Test
    void each_hop_gets_closer() throws Exception {
        List<SimulatedNode> nodes = grown(40);
        for (SimulatedNode node : nodes) {
            ChordId key = ChordId.random(ring.random);
            ChordId reached = node.self().id();
            for (Peer hop : node.lookup(key).path()) {
                assertThat(RingInterval.between(reached, hop.id(), key)).isTrue();
                reached = hop.id();
            }
        }
    }

    @Test
    void with_dead_nodes_on_the_way_it_takes_alternatives() throws Exception {
        List<SimulatedNode> nodes = grown(40);
        List<SimulatedNode> alive = new ArrayList<>(nodes);
        for (int i = 0; i < 10; i++) {
            alive.remove(ring.random.nextInt(alive.size()));
        }
        nodes.stream().filter(node -> !alive.contains(node)).forEach(SimulatedNode::crash);
        alive.forEach(SimulatedNode::stopTicking);

        // the owner is one of the first nodes that were there, dead or alive; where the ring is being repaired it may
        // be a later one, but none after the first live node
        RingOracle before = new RingOracle(nodes);
        RingOracle repaired = new RingOracle(alive);
        int found = 0;
        for (int i = 0; i < 200; i++) {
            ChordId key = ChordId.random(ring.random);
            SimulatedNode asker = alive.get(ring.random.nextInt(alive.size()));
            ChordId first = before.owner(key).self().id();
            ChordId owner = asker.lookup(key).owner().id();
            assertThat(owner.equals(first) || new RingInterval(first, repaired.owner(key).self().id()).contains(owner)
                    && !first.equals(repaired.owner(key).self().id()))
                    .as("%s owns %s", owner, key).isTrue();
            found++;
        }
        assertThat(found).isEqualTo(200);
    }

    @Test
    void an_owner_set_is_the_owner_and_the_nodes_after_it() throws Exception {
        List<SimulatedNode> nodes = grown(12);
        RingOracle oracle = new RingOracle(nodes);
        for (SimulatedNode asker : nodes) {
            ChordId key = ChordId.random(ring.random);
            OwnerSet set = ring.ask(asker, () -> asker.node().ownerSet(key, 3));
            SimulatedNode owner = oracle.owner(key);
            SimulatedNode second = oracle.owner(owner.self().id().plusPowerOfTwo(0));
            SimulatedNode third = oracle.owner(second.self().id().plusPowerOfTwo(0));
            assertThat(set.members()).containsExactly(owner.self(), second.self(), third.self());
            assertThat(set.confirmed()).isTrue();
            assertThat(set.majority()).isEqualTo(2);
        }
    }

    @Test
    void a_newcomer_that_only_its_successor_knows_of_is_found_and_confirms() throws Exception {
        List<SimulatedNode> nodes = grown(12);
        nodes.forEach(SimulatedNode::stopTicking);
        SimulatedNode newcomer = ring.start(nodes.get(7));
        ring.runUntil(() -> newcomer.state().status() == RingStatus.MEMBER, 20);
        newcomer.stopTicking();
        // as if its predecessor had not stabilized yet: it still names the node after the newcomer
        SimulatedNode old = nodes.stream().filter(node -> node.self().sameNode(newcomer.state().predecessor()))
                .findFirst().orElseThrow();
        SimulatedNode next = nodes.stream().filter(node -> node.self().sameNode(newcomer.state().successor()))
                .findFirst().orElseThrow();
        ring.run(Duration.ofSeconds(2));
        List<Peer> list = new ArrayList<>(old.state().successors());
        list.removeIf(newcomer.self()::sameNode);
        assertThat(next.state().predecessor()).isEqualTo(newcomer.self());
        RingTestAccess.place(old.node(), old.state().withSuccessors(list));

        LookupResult found = old.lookup(newcomer.self().id());
        assertThat(found.owner()).isEqualTo(newcomer.self());
        assertThat(found.confirmed()).isTrue();
        assertThat(found.path()).as("asked in vain").containsExactly(next.self());
        OwnerSet set = ring.ask(old, () -> old.node().ownerSet(newcomer.self().id(), 3));
        assertThat(set.owner()).isEqualTo(newcomer.self());
        assertThat(set.confirmed()).isTrue();
    }

    @Test
    void without_its_owner_an_owner_set_is_known_still_but_not_confirmed() throws Exception {
        for (int index = 0; index < 12; index++) {
            // one ring for each asker, because the first question starts the repair
            ring = new InMemoryRing(7);
            List<SimulatedNode> nodes = grown(12);
            nodes.forEach(SimulatedNode::stopTicking);
            SimulatedNode owner = nodes.get(4);
            SimulatedNode asker = nodes.get(index);
            if (asker == owner) {
                continue;
            }
            RingOracle oracle = new RingOracle(nodes);
            ChordId key = owner.self().id();
            owner.crash();
            SimulatedNode second = oracle.owner(key.plusPowerOfTwo(0));
            SimulatedNode third = oracle.owner(second.self().id().plusPowerOfTwo(0));
            OwnerSet set = ring.ask(asker, () -> asker.node().ownerSet(key, 3));
            assertThat(set.members()).containsExactly(owner.self(), second.self(), third.self());
            assertThat(set.confirmed()).isFalse();
        }
    }

    @Test
    void an_isolated_node_never_confirms_that_it_owns_a_key() throws Exception {
        List<SimulatedNode> nodes = ring.grow(2);
        nodes.getLast().crash();
        SimulatedNode isolated = nodes.getFirst();
        ring.runUntil(() -> isolated.state().status() == RingStatus.ISOLATED, 20);
        for (int i = 0; i < 20; i++) {
            ChordId key = ChordId.random(ring.random);
            boolean confirmed;
            try {
                confirmed = ring.ask(isolated, () -> isolated.node().ownerSet(key, 3)).confirmed();
            } catch (LookupFailedException e) {
                confirmed = false;
            }
            assertThat(confirmed).isFalse();
        }
    }

    @Test
    void a_node_that_is_not_a_member_says_so() {
        SimulatedNode seed = ring.start();
        seed.crash();
        SimulatedNode waiting = ring.start(seed);
        ring.run(Duration.ofSeconds(2));
        assertThatExceptionOfType(LookupFailedException.class).isThrownBy(() -> waiting.lookup(ChordId.ofName("x")));
    }

    @Test
    void the_ring_walk_names_all_nodes_in_ring_order() throws Exception {
        List<SimulatedNode> nodes = ring.grow(23);
        for (SimulatedNode node : nodes) {
            List<Peer> members = ring.ask(node, () -> node.node().walkRing());
            assertThat(members).hasSize(23).startsWith(node.self());
            for (int i = 1; i < members.size(); i++) {
                assertThat(new RingOracle(nodes).owner(members.get(i - 1).id().plusPowerOfTwo(0)).self())
                        .isEqualTo(members.get(i));
            }
        }
    }

    private List<SimulatedNode> grown(int size) {
        List<SimulatedNode> nodes = ring.grow(size);
        ring.runUntil(() -> new RingOracle(nodes).wrongFingers().isEmpty(), 40);
        assertThat(new RingOracle(nodes).wrongFingers()).isEmpty();
        return nodes;
    }
}
