package io.chordshare.node;

import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Stores the identity of this node beside its data. */
final class StoredIdentity implements IdentityStore {

    private static final String FACT = "ring";
    /** The fields with peers. An older version stored any peer that was named to it, with any incarnation. */
    private static final List<String> PEERS = List.of("electors", "contacts", "lost");
    /** Far more than starts and suspicions explain, with as much room above it. */
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
        Optional<Identity> stored = store.fact(FACT).map(text -> read((ObjectNode) json.readTree(text)));
        if (store.slotStates().hasForgotten()) {
            return stored.map(StoredIdentity::asNewNode);
        }
        return store.slotStates().isFromBeforeSlots() ? stored.map(StoredIdentity::withoutRing) : stored;
    }

    /**
     * A node that has forgotten what it promised and acknowledged would let others read old versions. As another node
     * it has said nothing yet. Who has left for good has promised nothing since.
     */
    private static Identity asNewNode(Identity stored) {
        if (stored.left() || stored.ringId() == null) {
            return stored;
        }
        log.warn("The database is not the one that this node used last. The node joins its ring {} as a new node, with"
                + " another id; the old one is given up like a dead node. Its files are imported", stored.ringId());
        List<Peer> known = Stream.concat(stored.knownPeers().stream(), stored.electors().stream())
                .filter(peer -> !peer.id().equals(stored.id())).distinct().toList();
        return new Identity(null, 0, null, false, List.of(), known);
    }

    /** The nodes of a ring of an older version have no views, and nobody could decide the first ones. */
    private static Identity withoutRing(Identity stored) {
        if (stored.ringId() != null) {
            log.warn("An older version of Chordshare wrote the data of this node. The node leaves ring {} and founds or"
                    + " joins one as a new node does. Its files are imported into the ring that it is in then: start"
                    + " the other nodes with this one as a seed, or let them join it", stored.ringId());
        }
        return new Identity(stored.id(), stored.incarnation(), null, false, List.of(), List.of());
    }

    private Identity read(ObjectNode stored) {
        long incarnation = stored.path("incarnation").asLong();
        if (incarnation < 0 || incarnation > HIGHEST_START) {
            log.warn("the stored incarnation {} of this node is implausible; the node continues with {}", incarnation,
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
            log.warn("{} stored peers are invalid and were removed", leftOut);
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
