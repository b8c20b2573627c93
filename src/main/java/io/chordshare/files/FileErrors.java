package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.replication.UnavailableException;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import java.time.Duration;

/** What users are told when the network cannot do at this moment what they asked for. */
public final class FileErrors {

    /** A repair takes seconds: by then it is worth another try. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    private FileErrors() {}

    static FileException of(UnavailableException e) {
        return switch (e.reason()) {
            case NO_MAJORITY -> new FileException(Reason.NO_MAJORITY, e.getMessage()
                    + ". Try again in a moment, or read what is in reach with ?consistency=any", RETRY_AFTER, e);
            case NOT_A_MEMBER -> new FileException(Reason.NOT_A_MEMBER, e.getMessage()
                    + ". Try again in a moment, or ask another node", RETRY_AFTER, e);
            case CONTENDED -> new FileException(Reason.BUSY, e.getMessage() + ". Try again", RETRY_AFTER, e);
            case DISK_FULL -> new FileException(Reason.DISK_FULL, "too few of the file's nodes have room: "
                    + e.getMessage() + ". Delete something, or add nodes", null, e);
        };
    }

    /** This node's own disk, of which every upload needs a little. */
    static FileException of(StorageException e) {
        return e instanceof DiskFullException
                ? new FileException(Reason.DISK_FULL, e.getMessage() + ". Delete something, or add nodes", null, e)
                : new FileException(Reason.DISK_FAILED, e.getMessage() + " Ask another node meanwhile", null, e);
    }

    static FileException of(OverloadedException e) {
        return new FileException(Reason.BUSY, e.getMessage() + ". Try again in a moment", RETRY_AFTER, e);
    }
}
