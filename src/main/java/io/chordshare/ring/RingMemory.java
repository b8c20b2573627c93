package io.chordshare.ring;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a node keeps who it is, beside its data. Both calls are durable and quick. */
public interface RingMemory {

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
     */
    record Identity(@Nullable RingId id, long incarnation, @Nullable String ringId, boolean left, List<Peer> electors,
                    List<Peer> contacts) {

        static final Identity NEW = new Identity(null, 0, null, false, List.of(), List.of());
    }
}
