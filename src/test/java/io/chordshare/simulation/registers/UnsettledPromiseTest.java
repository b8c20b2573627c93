package io.chordshare.simulation.registers;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.Promise;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.RegisterStatus;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A writer may die with the promise of one member. */
class UnsettledPromiseTest {

    @Test
    void a_member_that_has_promised_to_a_dead_writer_gets_what_the_others_accept_all_the_same() throws Exception {
        RegisterRing ring = new RegisterRing(1, 4, 3, Duration.ofSeconds(10));
        List<RegisterNode> nodes = ring.grow(3);
        write(ring, nodes.get(0), "first");
        RegisterNode promising = nodes.get(2);
        View view = promising.placement.known(ring.slots.ofName("file")).orElseThrow();
        long soon = promising.node.wallClock().plusSeconds(30).getEpochSecond() * 1_000_000;

        RegisterReply promised = ring.world.ask(promising.node, () -> promising.answer(new Promise(
                ChordId.ofName("file").toString(), view.number(), new Version(soon, "dead"))));
        assertThat(promised.status()).isEqualTo(RegisterStatus.DONE);
        promising.node.pause();
        write(ring, nodes.get(0), "second");
        promising.node.goOn();

        ring.awaitSettled();
        for (RegisterNode node : nodes) {
            assertThat(ring.world.ask(node.node, () -> node.files.get("file"))).isEqualTo(Optional.of("second"));
        }
    }

    private static void write(RegisterRing ring, RegisterNode node, String value) throws Exception {
        ring.world.ask(node.node, () -> {
            node.files.put("file", value, Copies.ALL, false);
            return true;
        });
    }
}
