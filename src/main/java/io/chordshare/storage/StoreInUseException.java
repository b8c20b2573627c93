package io.chordshare.storage;

import java.nio.file.Path;

/** Another node already works in this directory. Trying again helps only once that one has stopped. */
public final class StoreInUseException extends StorageException {

    StoreInUseException(Path directory) {
        super("another node is using the data directory " + directory
                + ": stop it first, or give this node a directory of its own", null);
    }
}
