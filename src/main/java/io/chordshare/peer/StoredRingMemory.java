package io.chordshare.peer;

import io.chordshare.ring.RingMemory;
import io.chordshare.storage.NodeStore;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Who this node is, kept beside its data. */
final class StoredRingMemory implements RingMemory {

    private static final String FACT = "ring";

    private final NodeStore store;
    private final JsonMapper json;

    StoredRingMemory(NodeStore store, JsonMapper json) {
        this.store = store;
        this.json = json;
    }

    @Override
    public Optional<Identity> load() {
        return store.fact(FACT).map(text -> json.readValue(text, Identity.class));
    }

    @Override
    public void save(Identity identity) {
        store.putFact(FACT, json.writeValueAsString(identity));
    }
}
