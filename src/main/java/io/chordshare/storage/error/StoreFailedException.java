package io.chordshare.storage.error;

import org.jspecify.annotations.Nullable;

/** The store failed: the disk or the database failed, or the store is closed. The message says which. */
public final class StoreFailedException extends StorageException {

    public StoreFailedException(String message) {
        this(message, null);
    }

    public StoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
