package io.chordshare.storage.blocks;

import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.error.BlockMissingException;
import io.chordshare.storage.error.CorruptBlockException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Random access to one block. Each frame of 64 KiB is verified against its CRC32C before any byte of it is returned.
 * Keeps one frame in memory. Not thread-safe. A block that is deleted meanwhile can be read to its end.
 */
public final class BlockReader implements AutoCloseable {

    private static final int NONE = -1;

    private final Sha256 hash;
    private final byte[] hashBytes;
    private final FileChannel channel;
    private final Disk disk;
    private final long length;
    private final byte[] frame;
    private int loaded = NONE;

    private BlockReader(Sha256 hash, FileChannel channel, Disk disk, long length) {
        this.hash = hash;
        this.hashBytes = hash.toBytes();
        this.channel = channel;
        this.disk = disk;
        this.length = length;
        this.frame = new byte[(int) Math.min(length, BlockFormat.FRAME_BYTES) + BlockFormat.CHECKSUM_BYTES];
    }

    public static BlockReader open(Path file, Sha256 hash, Disk disk) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            BlockMissingException missing = new BlockMissingException(hash);
            missing.initCause(e);
            throw missing;
        }
        try {
            return new BlockReader(hash, channel, disk, BlockFormat.dataLength(hash, channel.size()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Size of the block's data in bytes. */
    public long length() {
        return length;
    }

    /**
     * Reads up to {@code length} bytes from {@code position} into {@code buffer}.
     *
     * @return the number of bytes read: fewer than {@code length} only at the end of the block; -1 at or after its end
     * @throws CorruptBlockException when the checksum is wrong; nothing of that frame is in the buffer then
     * @throws StoreFailedException when the disk cannot be read; the block itself may be intact
     */
    public int read(long position, byte[] buffer, int offset, int length) {
        if (position < 0) {
            throw new IllegalArgumentException("a position in a block is at least 0, not " + position);
        }
        if (position >= this.length) {
            if (this.length == 0) {
                load(0);
            }
            return -1;
        }
        int wanted = (int) Math.min(length, this.length - position);
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            load((int) (at / BlockFormat.FRAME_BYTES));
            int within = (int) (at % BlockFormat.FRAME_BYTES);
            int count = Math.min(wanted - done, BlockFormat.FRAME_BYTES - within);
            System.arraycopy(frame, within, buffer, offset + done, count);
            done += count;
        }
        return done;
    }

    /** All bytes of the block: at most {@link Content#BLOCK_BYTES}. */
    public byte[] readAll() {
        byte[] bytes = new byte[(int) length];
        read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private void load(int number) {
        if (number == loaded) {
            return;
        }
        loaded = NONE;
        long start = (long) number * BlockFormat.FRAME_BYTES;
        int data = (int) Math.min(BlockFormat.FRAME_BYTES, length - start);
        ByteBuffer into = ByteBuffer.wrap(frame, 0, data + BlockFormat.CHECKSUM_BYTES);
        long at = (long) number * BlockFormat.FRAME_ON_DISK;
        while (into.hasRemaining()) {
            long from = at;
            int count = disk.run(() -> channel.read(into, from));
            if (count < 0) {
                throw new CorruptBlockException(hash, "cut short in frame " + number);
            }
            at += count;
        }
        boolean last = number == BlockFormat.frames(length) - 1;
        if (into.getInt(data) != BlockFormat.checksum(hashBytes, number, last, frame, data)) {
            throw new CorruptBlockException(hash, "wrong checksum in frame " + number);
        }
        loaded = number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
