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
 * A file of which the room is given up, bit by bit, when nothing else is left: others may fill the disk to the last
 * byte, and a node then still writes down who it is, and deletes, which makes room. A part of the reserve.
 */
public final class Ballast {

    /** The log of the database, which is cut back at some 4 MiB, and the node's facts, twice. */
    private static final long MAX_BYTES = 8L * 1024 * 1024;
    /** Not more than this part of the reserve: a disk may be small. */
    private static final int PART_OF_RESERVE = 4;
    /** Given up at once: others may take what is left over before the node needs it. */
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

    /** Gives some of the room up; whether there was any. */
    synchronized boolean release() throws IOException {
        if (heldBytes == 0) {
            return false;
        }
        if (isWhole()) {
            LOG.warn("The disk has no room at all: the ballast {} is given up bit by bit, so that deletes go on", file);
        }
        long left = Math.max(0, heldBytes - Math.max(CHUNK_BYTES, wantedBytes / PARTS));
        try (FileChannel all = FileChannel.open(file, StandardOpenOption.WRITE)) {
            all.truncate(left);
        }
        heldBytes = left;
        return true;
    }

    /** Takes the room again. To be called when the disk has plenty. */
    synchronized void restore() throws IOException {
        // not zeros, and not the same again and again: some file systems store those in no room at all
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
