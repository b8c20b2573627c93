package io.chordshare.simulation;

import io.chordshare.ring.membership.IdentityStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The disk of a machine, which outlives its processes. What was saved is durable immediately. */
public final class SimulatedDisk implements IdentityStore {

    private @Nullable Identity saved;
    private long writes;

    @Override
    public Optional<Identity> load() {
        return Optional.ofNullable(saved);
    }

    @Override
    public void save(Identity identity) {
        saved = identity;
        writes++;
    }

    /** Number of saves. In production, each is a write with a sync. */
    public long writes() {
        return writes;
    }
}
