package io.chordshare.ring.membership;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a node keeps who it is, beside its data. Both calls are durable and quick. */
public interface IdentityStore {

    Optional<Identity> load();

    void save(Identity identity);

    /**
     * What makes a node the same node after a restart.
     *
     * @param id          null until it first joins or founds a ring
     * @param incarnation of the last start
     * @param ringId      null until it first joins or founds a ring
     * @param left        it left for good: it comes back only through the others
     * @param electors    the first members after key 0 when the ring last stood still, itself included where it is one:
     *                    a majority of them may found the ring again after everybody was switched off
     * @param contacts    whom to ask first after a restart, bounded
     * @param ringIds     every id of the ring, see {@link RingIds}
     * @param lost        peers that went silent, see {@link PassiveList}
     */
    record Identity(@Nullable ChordId id, long incarnation, @Nullable String ringId, boolean left, List<Peer> electors,
                    List<Peer> contacts, List<String> ringIds, List<Peer> lost) {

        public static final Identity NEW = new Identity(null, 0, null, false, List.of(), List.of());

        public Identity {
            electors = List.copyOf(electors);
            contacts = List.copyOf(contacts);
            // written by a version that did not know of them
            ringIds = ringIds == null ? List.of() : List.copyOf(ringIds);
            lost = lost == null ? List.of() : List.copyOf(lost);
        }

        /** Of a ring that was never merged with another, by a node that has lost nobody. */
        public Identity(@Nullable ChordId id, long incarnation, @Nullable String ringId, boolean left,
                        List<Peer> electors, List<Peer> contacts) {
            this(id, incarnation, ringId, left, electors, contacts, ringId == null ? List.of() : List.of(ringId),
                    List.of());
        }
    }
}
