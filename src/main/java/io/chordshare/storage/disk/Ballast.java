package io.chordshare.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ballast file: its space is released step by step when the disk is completely full. A node can then still save its
 * facts, and delete, which frees space. The ballast is part of the reserve.
 */
final class Ballast {

    /** Enough for the database log, which is cut at about 4 MiB, and twice the node's facts. */
    private static final long MAX_BYTES = 8L * 1024 * 1024;
    /** At most this part of the reserve, because the disk may be small. */
    private static final int PART_OF_RESERVE = 4;
    /**
     * The ballast is released in this many steps. If all of it were released at once, other programs could take the
     * rest before the node needs it.
     */
    private static final int PARTS = 8;
    private static final int CHUNK_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Ballast.class);

    private final Path file;
    private final long wantedBytes;
    private volatile long heldBytes;

    Ballast(Layout layout, long reserveBytes) throws IOException {
        file = layout.ballast();
        wantedBytes = Math.min(MAX_BYTES, reserveBytes / PART_OF_RESERVE);
        heldBytes = Files.exists(file) ? Files.size(file) : 0;
    }

    long heldBytes() {
        return heldBytes;
    }

    boolean isWhole() {
        return heldBytes >= wantedBytes;
    }

    /** Releases one step. Returns false when nothing is left. */
    synchronized boolean release() throws IOException {
        if (heldBytes == 0) {
            return false;
        }
        if (isWhole()) {
            LOG.warn("The disk is completely full. The ballast {} is released step by step, so that deletes still work",
                    file);
        }
        long left = Math.max(0, heldBytes - Math.max(CHUNK_BYTES, wantedBytes / PARTS));
        try (FileChannel all = FileChannel.open(file, StandardOpenOption.WRITE)) {
            all.truncate(left);
        }
        heldBytes = left;
        return true;
    }

    /** Writes the released part again. Call this only when the disk has enough space. */
    synchronized void restore() throws IOException {
        // Random bytes: some file systems store zeros or repeated blocks without using space
        Random noise = new Random(heldBytes);
        byte[] chunk = new byte[CHUNK_BYTES];
        try (FileChannel out = OwnerOnly.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            while (heldBytes < wantedBytes) {
                noise.nextBytes(chunk);
                int bytes = (int) Math.min(wantedBytes - heldBytes, CHUNK_BYTES);
                DurableFiles.writeFully(out, ByteBuffer.wrap(chunk, 0, bytes));
                heldBytes += bytes;
            }
        }
    }
}
