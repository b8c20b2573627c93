package io.chordshare.ring.membership;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores a node's identity beside its data. Both calls are durable and quick. */
public interface IdentityStore {

    Optional<Identity> load();

    void save(Identity identity);

    /**
     * What makes a node the same node after a restart.
     *
     * @param id          null until the node first joins or founds a ring
     * @param incarnation of the last start
     * @param ringId      null until the node first joins or founds a ring
     * @param left        whether the node left for good: then it returns only through other members
     * @param electors    the first members after key 0 when the ring was last stable, including this node where it is
     * one: a majority of them may found the ring again after all nodes were switched off
     * @param knownPeers  the peers to ask first after a restart, bounded
     * @param ringIds     every id of the ring, see {@link RingIds}
     * @param lost        peers that went silent, see {@link PassiveList}
     */
    record Identity(@Nullable ChordId id, long incarnation, @Nullable String ringId, boolean left, List<Peer> electors,
                    @JsonProperty("contacts") List<Peer> knownPeers, List<String> ringIds, List<Peer> lost) {

        public static final Identity NEW = new Identity(null, 0, null, false, List.of(), List.of());

        public Identity {
            electors = List.copyOf(electors);
            knownPeers = List.copyOf(knownPeers);
            // an older version wrote the file without this field
            ringIds = ringIds == null ? List.of() : List.copyOf(ringIds);
            lost = lost == null ? List.of() : List.copyOf(lost);
        }

        /** For a ring that was never merged, and a node that has lost no peer. */
        public Identity(@Nullable ChordId id, long incarnation, @Nullable String ringId, boolean left,
                        List<Peer> electors, List<Peer> knownPeers) {
            this(id, incarnation, ringId, left, electors, knownPeers, ringId == null ? List.of() : List.of(ringId),
                    List.of());
        }
    }
}
