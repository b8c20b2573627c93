package io.chordshare.node;

import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who this node is, kept beside its data. */
public final class StoredIdentity implements IdentityStore {

    private static final String FACT = "ring";
    /** Whom it remembers. An older version took any peer that was named to it, and any incarnation. */
    private static final List<String> PEERS = List.of("electors", "contacts", "lost");
    /** Far beyond what starts and suspicions explain, and with as much room above it. */
    private static final long HIGHEST_START = Peer.MAX_INCARNATION / 2;

    private static final Logger log = LoggerFactory.getLogger(StoredIdentity.class);

    private final NodeStore store;
    private final JsonMapper json;

    StoredIdentity(NodeStore store, JsonMapper json) {
        this.store = store;
        this.json = json;
    }

    @Override
    public Optional<Identity> load() {
        return store.fact(FACT).map(text -> read((ObjectNode) json.readTree(text)));
    }

    private Identity read(ObjectNode stored) {
        long incarnation = stored.path("incarnation").asLong();
        if (incarnation < 0 || incarnation > HIGHEST_START) {
            log.warn("the incarnation of this node was {}, which no start explains: it begins again at {}", incarnation,
                    HIGHEST_START);
            stored.put("incarnation", HIGHEST_START);
        }
        int leftOut = 0;
        for (String list : PEERS) {
            ArrayNode usable = json.createArrayNode();
            stored.path(list).values().stream().filter(this::isPeer).forEach(usable::add);
            leftOut += stored.path(list).size() - usable.size();
            stored.set(list, usable);
        }
        if (leftOut > 0) {
            log.warn("{} of the peers that this node remembers cannot be nodes, and are forgotten", leftOut);
        }
        return json.treeToValue(stored, Identity.class);
    }

    private boolean isPeer(JsonNode stored) {
        try {
            return json.treeToValue(stored, Peer.class) != null;
        } catch (JacksonException e) {
            return false;
        }
    }

    @Override
    public void save(Identity identity) {
        store.putFact(FACT, json.writeValueAsString(identity));
    }
}
