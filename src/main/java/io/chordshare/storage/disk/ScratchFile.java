package io.chordshare.storage.disk;

import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StoreFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary file for bytes that would need too much memory. Not durable: the file is deleted when this is closed, and
 * at the next start. Needs the same free space as a new file. Not thread-safe.
 */
public final class ScratchFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScratchFile.class);

    private final Path file;
    private final Disk disk;
    private final FileChannel channel;

    private ScratchFile(Path file, Disk disk, FileChannel channel) {
        this.file = file;
        this.disk = disk;
        this.channel = channel;
    }

    public static ScratchFile create(Path file, Disk disk) {
        return disk.run(() -> {
            disk.space().require(1);
            return new ScratchFile(file, disk, OwnerOnly.open(file, Set.of(StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ, StandardOpenOption.WRITE)));
        });
    }

    /**
     * Appends bytes.
     *
     * @throws DiskFullException when there is no room for them
     * @throws StoreFailedException when the disk fails
     */
    public void append(byte[] bytes, int length) {
        disk.run(() -> {
            disk.space().require(length);
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            long end = channel.size();
            while (buffer.hasRemaining()) {
                end += channel.write(buffer, end);
            }
            return true;
        });
    }

    /**
     * Reads {@code length} bytes from {@code position}.
     *
     * @throws StoreFailedException when the disk fails, or the file has fewer bytes
     */
    public void read(int position, byte[] target, int offset, int length) {
        disk.run(() -> {
            ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, (long) position + length - buffer.remaining()) < 0) {
                    throw new IOException("a temporary file has become shorter");
                }
            }
            return true;
        });
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("The temporary file {} stays until the next start", file, e);
        }
    }
}
