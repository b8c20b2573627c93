package io.chordshare.simulation.registers;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.register.UnavailableException;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.storage.model.Copies;
import java.time.Duration;
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
