package io.chordshare.simulation.registers;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementTestAccess;
import io.chordshare.placement.View;
import io.chordshare.placement.ViewRecovery;
import io.chordshare.register.UnavailableException;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.storage.model.Copies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Files in rings of a few nodes, one thing at a time. */
class RegisterRingTest {

    private static final Duration REPAIR_AFTER = Duration.ofSeconds(20);

    private final RegisterRing ring = new RegisterRing(1, 16, 3, REPAIR_AFTER);

    @Test
    void what_is_written_at_one_node_is_read_at_every_other() throws Exception {
        List<RegisterNode> nodes = ring.grow(5);
        write(nodes.get(0), "a.txt", "one");
        for (RegisterNode node : nodes) {
            assertThat(read(node, "a.txt")).isEqualTo("one");
        }
        write(nodes.get(3), "a.txt", "two");
        for (RegisterNode node : nodes) {
            assertThat(read(node, "a.txt")).isEqualTo("two");
        }
    }

    @Test
    void a_ring_that_grows_from_one_to_eight_keeps_every_file() throws Exception {
        List<RegisterNode> nodes = ring.grow(1);
        for (int i = 0; i < 50; i++) {
            write(nodes.getFirst(), "file-" + i, "value-" + i);
        }
        RegisterNode founder = nodes.getFirst();
        for (int i = 0; i < 7; i++) {
            ring.world.start(founder.node);
        }
        ring.require(() -> ring.members().size() == 8, "eight members");
        ring.awaitSettled();
        for (RegisterNode node : ring.members()) {
            for (int i = 0; i < 50; i += 7) {
                assertThat(read(node, "file-" + i)).isEqualTo("value-" + i);
            }
        }
    }

    @Test
    void after_a_crash_the_dead_node_is_replaced_and_every_file_has_its_copies_again() throws Exception {
        List<RegisterNode> nodes = ring.grow(6);
        for (int i = 0; i < 30; i++) {
            write(nodes.get(i % 6), "file-" + i, "value-" + i);
        }
        ring.crash(nodes.get(2));
        for (int i = 0; i < 30; i += 5) {
            assertThat(read(nodes.get(4), "file-" + i)).isEqualTo("value-" + i);
        }
        ring.awaitSettled();
        ring.crash(nodes.get(3));
        ring.awaitSettled();
        for (int i = 0; i < 30; i++) {
            assertThat(read(nodes.get(5), "file-" + i)).isEqualTo("value-" + i);
        }
    }

    @Test
    void a_node_that_leaves_hands_its_slots_over_first() throws Exception {
        List<RegisterNode> nodes = ring.grow(4);
        for (int i = 0; i < 30; i++) {
            write(nodes.get(i % 4), "file-" + i, "value-" + i);
        }
        RegisterNode leaver = nodes.get(1);
        leaver.node.node().setLeaving(true);
        assertThat(ring.world.ask(leaver.node, () -> leaver.placement.leave(Duration.ofMinutes(1)))).isTrue();
        assertThat(leaver.store.all()).isEmpty();
        leaver.node.leave();
        ring.crash(leaver);
        for (int i = 0; i < 30; i++) {
            assertThat(read(nodes.get(2), "file-" + i)).isEqualTo("value-" + i);
        }
    }

    @Test
    void a_node_can_leave_although_others_remember_views_that_it_was_in() throws Exception {
        List<RegisterNode> nodes = ring.grow(8);
        for (int i = 0; i < 30; i++) {
            write(nodes.get(i % 8), "file-" + i, "value-" + i);
            for (RegisterNode node : nodes) {
                read(node, "file-" + i);
            }
        }
        for (RegisterNode leaver : nodes.subList(1, 3)) {
            leaver.node.node().setLeaving(true);
            assertThat(ring.world.ask(leaver.node, () -> leaver.placement.leave(Duration.ofMinutes(1)))).isTrue();
            leaver.node.leave();
            ring.crash(leaver);
        }
        for (int i = 0; i < 30; i++) {
            assertThat(read(nodes.get(7), "file-" + i)).isEqualTo("value-" + i);
        }
    }

    @Test
    void a_ring_of_one_that_becomes_one_with_another_founds_nothing_there() throws Exception {
        List<RegisterNode> nodes = ring.grow(3);
        for (int i = 0; i < 30; i++) {
            write(nodes.get(i % 3), "file-" + i, "value-" + i);
        }
        // the rings get the smaller of their names
        String name = nodes.getFirst().node.state().ringId();
        RegisterNode alone;
        do {
            alone = ring.of(ring.world.start());
            ring.world.run(Duration.ofSeconds(3));
        } while (alone.node.state().ringId().compareTo(name) < 0);
        RegisterNode merged = alone;
        nodes.getFirst().runtime.start("merge", () -> merge(nodes.getFirst().node, merged.node.address()));
        ring.require(() -> name.equals(merged.node.state().ringId()), "the rings have one name");
        for (int i = 0; i < 30; i++) {
            assertThat(tryRead(merged, "file-" + i)).isIn("value-" + i, "unavailable");
        }
        ring.require(() -> ring.members().containsAll(nodes) && ring.members().contains(merged), "one ring");
        for (int i = 0; i < 30; i++) {
            assertThat(read(merged, "file-" + i)).isEqualTo("value-" + i);
        }
    }

    @Test
    void a_node_whose_others_are_gone_for_good_goes_on_alone_and_gives_back_what_they_bring_when_they_return()
            throws Exception {
        List<RegisterNode> nodes = ring.grow(3);
        for (int i = 0; i < 30; i++) {
            write(nodes.get(i % 3), "file-" + i, "value-" + i);
        }
        // what only the two have acknowledged would be gone
        ring.awaitSettled();
        ring.crash(nodes.get(1));
        ring.crash(nodes.get(2));
        RegisterNode left = nodes.getFirst();
        ring.require(() -> left.node.state().status() == RingStatus.ISOLATED, "isolated");
        assertThat(tryRead(left, "file-1")).isEqualTo("unavailable");

        ViewRecovery.Report report = recover(left);

        assertThat(report.recovered()).hasSize(16);
        assertThat(report.failed()).isEmpty();
        assertThat(report.lost()).extracting(Peer::id)
                .containsExactlyInAnyOrder(nodes.get(1).placement.self(), nodes.get(2).placement.self());
        ring.awaitSettled();
        write(left, "file-1", "newer");
        assertThat(recover(left).recovered()).as("nothing more to do").isEmpty();

        ring.world.restart(nodes.get(1).node);
        ring.world.restart(nodes.get(2).node);
        ring.require(() -> ring.members().size() == 3, "three members");
        ring.awaitSettled();
        for (RegisterNode node : ring.members()) {
            for (int i = 0; i < 30; i++) {
                assertThat(read(node, "file-" + i)).isEqualTo(i == 1 ? "newer" : "value-" + i);
            }
        }
    }

    @Test
    void a_record_that_only_the_lost_nodes_have_acknowledged_is_set_aside_when_they_come_back() throws Exception {
        List<RegisterNode> nodes = ring.grow(3);
        write(nodes.getFirst(), "file", "before");
        RegisterNode left = nodes.getFirst();
        ring.world.network().cut((from, to) -> (from == left.node) != (to == left.node));
        ring.require(() -> left.node.state().status() == RingStatus.ISOLATED, "isolated");
        write(nodes.get(1), "file", "meanwhile");
        ring.crash(nodes.get(1));
        ring.crash(nodes.get(2));
        ring.world.network().heal();

        recover(left);
        ring.awaitSettled();
        assertThat(read(left, "file")).isEqualTo("before");

        RegisterNode back = ring.of(ring.world.restart(nodes.get(1).node));
        ring.require(() -> ring.members().size() == 2, "two members");
        ring.awaitSettled();
        assertThat(read(left, "file")).isEqualTo("before");
        assertThat(back.store.aside()).extracting(register -> register.record().name()).contains("file");
    }

    @Test
    void where_a_majority_answers_nothing_is_recovered_whoever_asks_for_it() throws Exception {
        List<RegisterNode> nodes = ring.grow(6);
        write(nodes.getFirst(), "file", "value");
        assertThat(recover(nodes.get(3)).recovered()).isEmpty();
        ring.crash(nodes.get(1));
        assertThat(recover(nodes.get(3)).recovered()).isEmpty();
        View view = nodes.get(3).placement.known(ring.slots.ofName("file")).orElseThrow();
        RegisterNode member = ring.of(ring.world.up().stream().filter(node -> view.has(node.self().id()))
                .findFirst().orElseThrow());
        List<Integer> agreed = ring.world.ask(nodes.get(3).node, () -> nodes.get(3).runtime.call(member.node.self(),
                PlacementTestAccess.recovered(view, member.node.self())).slots());
        assertThat(agreed).as("the others are not lost").isEmpty();
        assertThat(read(nodes.get(3), "file")).isEqualTo("value");
    }

    @Test
    void a_change_that_cannot_be_made_says_whom_it_waits_for() throws Exception {
        List<RegisterNode> nodes = ring.grow(4);
        assertThat(nodes.getFirst().placement.progress().waits()).isEmpty();
        List<RegisterNode> dead = nodes.subList(1, 3);
        dead.forEach(ring::crash);
        List<RegisterNode> left = List.of(nodes.get(0), nodes.get(3));
        ring.require(() -> left.stream().flatMap(node -> node.placement.progress().waits().stream())
                .anyMatch(wait -> wait.slots() > 0 && wait.reason().startsWith("until a majority of these serves them")
                        && dead.stream().allMatch(node -> wait.reason().contains(node.node.address()))),
                "a wait for the two that are dead");
    }

    @Test
    void a_node_that_starts_beside_others_of_its_ring_does_not_go_on_alone_whoever_asks_it_to() throws Exception {
        List<RegisterNode> nodes = ring.grow(3);
        write(nodes.getFirst(), "file", "value");
        nodes.forEach(ring::crash);
        List<RegisterNode> started = new ArrayList<>();
        nodes.forEach(node -> started.add(ring.of(ring.world.restart(node.node))));
        RegisterNode first = started.getFirst();
        assertThat(first.node.state().status()).isEqualTo(RingStatus.JOINING);

        assertThat(ring.world.ask(first.node, () -> first.node.node().standAlone())).isPresent();

        ring.require(() -> ring.members().size() == 3, "three members");
        assertThat(read(first, "file")).isEqualTo("value");
    }

    @Test
    void a_node_that_leaves_without_its_hand_off_comes_back_as_another_one() throws Exception {
        List<RegisterNode> nodes = ring.grow(4);
        for (int i = 0; i < 30; i++) {
            write(nodes.get(i % 4), "file-" + i, "value-" + i);
        }
        RegisterNode leaver = nodes.get(1);
        ChordId before = leaver.node.self().id();
        ring.world.ask(leaver.node, () -> {
            leaver.placement.abandon();
            leaver.node.node().departAsNewNode();
            leaver.placement.stay();
            return null;
        });
        assertThat(leaver.node.state().status()).isEqualTo(RingStatus.ALONE);
        leaver.node.join(nodes.getFirst().node);
        assertThat(leaver.node.self().id()).as("it knows nothing of what it has promised").isNotEqualTo(before);
        ring.awaitSettled();
        for (int i = 0; i < 30; i++) {
            assertThat(read(leaver, "file-" + i)).isEqualTo("value-" + i);
        }
    }

    private ViewRecovery.Report recover(RegisterNode node) throws Exception {
        return ring.world.ask(node.node, () -> {
            assertThat(node.node.node().standAlone()).isEmpty();
            return node.placement.recover();
        });
    }

    private static void merge(SimulatedNode node, String address) {
        try {
            node.node().joinAndMerge(address, Duration.ofSeconds(30));
        } catch (JoinFailedException | TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String tryRead(RegisterNode node, String name) throws Exception {
        try {
            return read(node, name);
        } catch (UnavailableException e) {
            return "unavailable";
        }
    }

    private void write(RegisterNode node, String name, String value) throws Exception {
        ring.world.ask(node.node, () -> {
            node.files.put(name, value, Copies.ALL, name.length() % 2 == 0);
            return null;
        });
    }

    private String read(RegisterNode node, String name) throws Exception {
        return ring.world.ask(node.node, () -> node.files.get(name).orElse("none"));
    }
}
