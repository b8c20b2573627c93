package io.chordshare.storage.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a disk has. */
@FunctionalInterface
public interface FreeSpace {

    /** Bytes that this process may still write. */
    long bytes() throws IOException;

    /** That of the disk of a directory. */
    static FreeSpace of(Path directory) throws IOException {
        // finding it again would read the whole mount table
        FileStore store = Files.getFileStore(directory);
        return store::getUsableSpace;
    }

    /** Finds the disk of a directory. */
    @FunctionalInterface
    interface Source {

        FreeSpace of(Path directory) throws IOException;
    }
}
