package io.chordshare.storage.error;

import org.jspecify.annotations.Nullable;

/** Everything that can go wrong with a node's disk. A closed set: a {@code switch} over it needs no default. */
public abstract sealed class StorageException extends RuntimeException
        permits StoreNotOpenedException, DiskFullException, BlockMismatchException, BlockMissingException,
        CorruptBlockException, StoreFailedException, TooManyUploadsException {

    StorageException(String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) {
            initCause(cause);
        }
    }
}
