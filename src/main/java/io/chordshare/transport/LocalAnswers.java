package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.register.disk.DiskFailures;
import io.chordshare.replication.Replica;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.replication.Replication;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import io.chordshare.storage.error.StorageException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests of peers (through the controller) and of this node to itself. */
public final class LocalAnswers implements HttpRuntime.Local {

    private final Supplier<RingNode> ring;
    private final Supplier<Replication> replication;

    public LocalAnswers(Supplier<RingNode> ring, Supplier<Replication> replication) {
        this.ring = ring;
        this.replication = replication;
    }

    @Override
    public RingState state() {
        return ring.get().state();
    }

    @Override
    public Envelope envelope(@Nullable ChordId to) {
        return ring.get().envelope(to);
    }

    @Override
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(Request<A> request) throws PeerException {
        try {
            return (A) switch (request) {
                case RingRequest<?> question -> ring.get().answer(question);
                case ReplicaRequest<?> question -> replica().answer(question);
                case PlacementRequest<?> question -> replication.get().placement().answer(question);
                case RegisterRequest<?> question -> replication.get().registerReplica().answer(question);
                default -> throw new IllegalArgumentException("no answer to " + request.getClass());
            };
        } catch (StorageException e) {
            throw DiskFailures.translate(e);
        }
    }

    Replica replica() {
        return replication.get().replica();
    }
}
