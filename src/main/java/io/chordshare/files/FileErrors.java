package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import java.time.Duration;

/** Translates errors of lower layers into errors that users see. */
final class FileErrors {

    /** A repair takes seconds. After this time a retry makes sense. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    private FileErrors() {}

    static FileException of(UnavailableException e) {
        return switch (e.reason()) {
            case NO_MAJORITY, NO_VIEW, BYTES_OUT_OF_REACH -> new FileException(Reason.NO_MAJORITY, e.getMessage()
                    + ". Try again in a moment, or read any reachable copy with ?consistency=any", RETRY_AFTER, e);
            case NO_COPY -> new FileException(Reason.NO_MAJORITY, e.getMessage() + ". Try again in a moment, or ask"
                    + " another node", RETRY_AFTER, e);
            case NOT_A_MEMBER -> new FileException(Reason.NOT_A_MEMBER, e.getMessage()
                    + ". Try again in a moment, or ask another node", RETRY_AFTER, e);
            case UNKNOWN_OUTCOME -> new FileException(Reason.UNKNOWN_OUTCOME, e.getMessage(), null, e);
            case CONTENDED -> new FileException(Reason.BUSY, e.getMessage() + ". Try again", RETRY_AFTER, e);
            case DISK_FULL -> new FileException(Reason.DISK_FULL, "too few of the nodes that must hold the file have"
                    + " room: " + e.getMessage() + ". Delete files, or add nodes", null, e);
        };
    }

    /** An error of this node's own disk. Every upload needs a little of its space. */
    static FileException of(StorageException e) {
        return e instanceof DiskFullException
                ? new FileException(Reason.DISK_FULL, e.getMessage() + ". Delete files, or add nodes", null, e)
                : new FileException(Reason.DISK_FAILED, e.getMessage() + " Use another node meanwhile", null, e);
    }

    static FileException of(OverloadedException e) {
        return new FileException(Reason.BUSY, e.getMessage() + ". Try again in a moment", RETRY_AFTER, e);
    }
}
