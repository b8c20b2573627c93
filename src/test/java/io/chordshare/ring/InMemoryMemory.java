package io.chordshare.ring;

import java.util.Optional;

/** The disk of a node: outlives its process. */
final class InMemoryMemory implements RingMemory {

    private Identity saved;

    @Override
    public Optional<Identity> load() {
        return Optional.ofNullable(saved);
    }

    @Override
    public void save(Identity identity) {
        saved = identity;
    }
}
