package io.chordshare.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** The room for new data: what is free on the disk, less a reserve that deletes, repairs and the database live on. */
final class DiskSpace {

    /** With less than this left, a failed write is taken for a full disk, whatever the words of the error. */
    private static final long AS_GOOD_AS_FULL_BYTES = 1024 * 1024;

    private final Path directory;
    private final long reserveBytes;
    /** Kept, because finding it anew reads the whole list of mounts. */
    private final FileStore disk;

    DiskSpace(Path directory, long reserveBytes) throws IOException {
        this.directory = directory;
        this.reserveBytes = reserveBytes;
        this.disk = Files.getFileStore(directory);
    }

    long usableBytes() throws IOException {
        return Math.max(0, disk.getUsableSpace() - reserveBytes);
    }

    /** @throws DiskFullException unless there is room for {@code bytes} more */
    void require(long bytes) throws IOException {
        if (usableBytes() < bytes) {
            throw new DiskFullException(directory, null);
        }
    }

    /** Tells a full disk (thrown) from any other failure of a write (returned, for the caller to throw). */
    IOException orFull(IOException failure) throws IOException {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")
                || disk.getUsableSpace() < AS_GOOD_AS_FULL_BYTES) {
            throw new DiskFullException(directory, failure);
        }
        return failure;
    }
}
