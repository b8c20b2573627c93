package io.chordshare.storage.error;

import io.chordshare.storage.disk.DiskErrors;
import org.jspecify.annotations.Nullable;

/** The disk has no room for new data. Trying again helps once space was freed. Reads and deletes still work. */
public final class DiskFullException extends StorageException {

    public DiskFullException(@Nullable Throwable cause) {
        super("no room for new data on this node's disk", cause);
    }

    /**
     * Whether {@code error} or one of its causes says that a disk is full, whichever part of the system it comes from.
     */
    public static boolean isBehind(Throwable error) {
        return DiskErrors.isNoRoom(error);
    }
}
