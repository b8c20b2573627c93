package io.chordshare.transport;

import io.chordshare.storage.blocks.BlockReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.springframework.core.io.AbstractResource;

/** A block from this node's disk, sent to a peer in constant memory. */
final class BlockResource extends AbstractResource {

    private final BlockReader reader;

    BlockResource(BlockReader reader) {
        this.reader = reader;
    }

    @Override
    public long contentLength() {
        return reader.length();
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {

            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, buffer.length);
                int count = length == 0 ? 0 : reader.read(position, buffer, offset, length);
                position += Math.max(0, count);
                return count;
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }

    @Override
    public String getDescription() {
        return "a block";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
