package io.chordshare.register.disk;

import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.error.BlockMismatchException;
import io.chordshare.storage.error.BlockMissingException;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.TooManyUploadsException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What a peer is told when this node's disk does not do its part. */
public final class DiskFailures {

    private DiskFailures() {}

    public static PeerException translate(StorageException e) {
        Reason reason = switch (e) {
            case DiskFullException full -> Reason.DISK_FULL;
            case BlockMissingException missing -> Reason.NOT_FOUND;
            case BlockMismatchException mismatch -> Reason.REFUSED;
            case TooManyUploadsException many -> Reason.TOO_MANY;
            default -> Reason.FAILED;
        };
        return new PeerException(reason, e.getMessage(), e);
    }

    /** The same, once the disk has answered. */
    static <T> CompletableFuture<T> translating(CompletableFuture<T> answer) {
        return answer.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(cause instanceof StorageException storage ? translate(storage)
                    : cause);
        });
    }
}
