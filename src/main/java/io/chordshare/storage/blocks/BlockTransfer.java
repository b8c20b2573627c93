package io.chordshare.storage.blocks;

import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.error.BlockMismatchException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Receives one block from a stream in constant memory and verifies its hash. */
final class BlockTransfer {

    private final Sha256 expected;
    private final InputStream in;
    private final Disk disk;
    private final Runnable progress;
    /** One frame, and room for its checksum or for the first byte of the next frame. */
    private final byte[] frame = new byte[BlockFormat.FRAME_ON_DISK];

    /** @param progress called after each frame */
    BlockTransfer(Sha256 expected, InputStream in, Disk disk, Runnable progress) {
        this.expected = expected;
        this.in = in;
        this.disk = disk;
        this.progress = progress;
    }

    /**
     * Reads {@code in} to its end.
     *
     * @param out where the frames are written, or null to only verify
     * @return the number of bytes received
     * @throws IOException when {@code in} fails; a disk failure is a {@link StorageException} instead
     */
    long run(@Nullable FileChannel out) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] hash = expected.toBytes();
        long total = 0;
        int have = in.readNBytes(frame, 0, BlockFormat.FRAME_BYTES + 1);
        for (int number = 0; ; number++) {
            boolean last = have <= BlockFormat.FRAME_BYTES;
            int length = Math.min(have, BlockFormat.FRAME_BYTES);
            byte following = frame[BlockFormat.FRAME_BYTES];
            total += length;
            if (total > Content.BLOCK_BYTES) {
                throw new BlockMismatchException(expected, "it has more than " + Content.BLOCK_BYTES + " bytes");
            }
            digest.update(frame, 0, length);
            if (out != null) {
                write(out, hash, number, last, length);
            }
            progress.run();
            if (last) {
                verify(digest);
                return total;
            }
            frame[0] = following;
            have = 1 + in.readNBytes(frame, 1, BlockFormat.FRAME_BYTES);
        }
    }

    private void write(FileChannel out, byte[] hash, int number, boolean last, int length) {
        int checksum = BlockFormat.checksum(hash, number, last, frame, length);
        ByteBuffer bytes = ByteBuffer.wrap(frame, 0, length + BlockFormat.CHECKSUM_BYTES);
        bytes.putInt(length, checksum);
        disk.run(() -> {
            disk.space().require(length);
            DurableFiles.writeFully(out, bytes);
            return true;
        });
    }

    private void verify(MessageDigest digest) {
        Sha256 found = Sha256.fromBytes(digest.digest());
        if (!found.equals(expected)) {
            throw new BlockMismatchException(expected, "its bytes hash to " + found);
        }
    }
}
