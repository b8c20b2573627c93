package io.chordshare.runtime;

import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for this node's disk as for a peer: a bounded time, and a failure that others are told. */
public final class DiskAnswer {

    private DiskAnswer() {}

    /**
     * The result, once it is durable.
     *
     * @throws PeerException when the disk fails, or takes longer than {@code atMost}
     */
    public static <T> T await(NodeRuntime runtime, CompletableFuture<T> future, Duration atMost) throws PeerException {
        if (!runtime.await(future, atMost)) {
            throw new PeerException(Reason.FAILED, "the disk has not answered within " + atMost);
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PeerException known) {
                throw known;
            }
            throw new PeerException(Reason.FAILED, "the disk does not take it", e);
        }
    }
}
