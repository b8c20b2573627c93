package io.chordshare.storage.error;

import java.nio.file.Path;

/** Another node uses this directory. Trying again helps only once that node has stopped. */
public final class StoreInUseException extends StoreNotOpenedException {

    public StoreInUseException(Path directory) {
        super("Another node is using the data directory " + directory + ".",
                "Stop that node first, or give this node a directory of its own with chordshare.node.data-dir.");
    }
}
