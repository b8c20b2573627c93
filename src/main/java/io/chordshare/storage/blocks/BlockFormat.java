package io.chordshare.storage.blocks;

import io.chordshare.storage.error.CorruptBlockException;
import io.chordshare.storage.model.Sha256;
import java.util.zip.CRC32C;

/**
 * The file format of a block: frames of up to {@link #FRAME_BYTES} of data, each followed by a CRC32C of 4 bytes (big
 * endian). The checksum also covers the block's hash, the frame's number and whether the frame is the last. So a block
 * that was cut off at a frame boundary and frames in the wrong order are detected too. An empty block is one empty
 * frame.
 */
public final class BlockFormat {

    static final int FRAME_BYTES = 64 * 1024;
    static final int CHECKSUM_BYTES = 4;
    public static final int FRAME_ON_DISK = FRAME_BYTES + CHECKSUM_BYTES;

    private BlockFormat() {}

    static int checksum(byte[] hash, int frame, boolean last, byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(hash);
        crc.update(frame);
        crc.update(last ? 1 : 0);
        crc.update(data, 0, length);
        return (int) crc.getValue();
    }

    /** How many bytes of data a file of {@code onDisk} bytes holds. */
    static long dataLength(Sha256 hash, long onDisk) {
        long full = onDisk / FRAME_ON_DISK;
        long rest = onDisk % FRAME_ON_DISK;
        boolean emptyFrame = rest == CHECKSUM_BYTES && full == 0;
        if (onDisk == 0 || (rest > 0 && rest <= CHECKSUM_BYTES && !emptyFrame)) {
            throw new CorruptBlockException(hash, "cut short to " + onDisk + " bytes");
        }
        return full * FRAME_BYTES + (rest == 0 ? 0 : rest - CHECKSUM_BYTES);
    }

    static int frames(long dataLength) {
        return (int) Math.max(1, (dataLength + FRAME_BYTES - 1) / FRAME_BYTES);
    }
}
