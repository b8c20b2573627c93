package io.chordshare.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Invalid peers that an older version stored do not stop a node from starting. */
class StoredIdentityTest {

    private static final Peer GOOD = new Peer(ChordId.ofName("good"), "http://127.0.0.1:8081", 3);
    private static final String ID = ChordId.ofName("self").toString();

    @TempDir
    private Path directory;
    private final JsonMapper json = JsonMapper.builder().build();

    private Identity loaded(String incarnation, String knownPeers) {
        try (NodeStore store = NodeStore.open(directory, 0)) {
            store.putFact("ring", "{\"id\":\"" + ID + "\",\"incarnation\":" + incarnation
                    + ",\"ringId\":\"r\",\"left\":false,"
                    + "\"electors\":[],\"contacts\":" + knownPeers + ",\"ringIds\":[\"r\"],\"lost\":[]}");
            return new StoredIdentity(store, json).load().orElseThrow();
        }
    }

    @Test
    void a_peer_that_cannot_be_a_node_is_forgotten_and_the_others_are_not() {
        String good = json.writeValueAsString(GOOD);
        Identity identity = loaded("7", "[" + good + ",{\"id\":\"zz\"},null,7,"
                + good.replace("http://127.0.0.1:8081", "http://127.0.0.1:8081/x?y") + ","
                + good.replace(":3}", ":9223372036854775807}") + "]");
        assertThat(identity.knownPeers()).isEqualTo(List.of(GOOD));
        assertThat(identity.incarnation()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-9223372036854775808", "9007199254740991"})
    void an_incarnation_that_somebody_else_has_counted_up_leaves_room_for_the_next_starts(String incarnation) {
        assertThat(loaded(incarnation, "[]").incarnation()).isBetween(1L, Peer.MAX_INCARNATION / 2);
    }
}
