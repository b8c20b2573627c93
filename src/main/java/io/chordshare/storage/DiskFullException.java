package io.chordshare.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** No room for new data. Trying again helps once space was freed; reading and deleting go on meanwhile. */
public final class DiskFullException extends StorageException {

    DiskFullException(Path directory, @Nullable Throwable cause) {
        super("no room for new data on the disk of " + directory
                + " (what is left is below the node's reserve): free some space, or add nodes", cause);
    }
}
