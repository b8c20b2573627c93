package io.chordshare.connections;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that actually move between node and client: heads, bodies, answers, and the discarded rest of
 * refused bodies.
 */
final class MeteredChannel extends NioChannel {

    private final ConnectionProperties limits;
    private volatile @Nullable ClientConnection connection;

    MeteredChannel(SocketBufferHandler buffers, ConnectionProperties limits) {
        super(buffers);
        this.limits = limits;
    }

    /** null after the channel lost its connection */
    @Nullable ClientConnection connection() {
        return connection;
    }

    @Override
    public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper wrapper) throws IOException {
        super.reset(channel, wrapper);
        connection = channel == null || wrapper == null ? null : new ClientConnection(limits, channel, wrapper);
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        ClientConnection of = connection;
        if (of == null) {
            return super.read(buffer);
        }
        of.beforeBytes();
        int count = super.read(buffer);
        of.afterRead(count);
        return count;
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        ClientConnection of = connection;
        if (of == null) {
            return super.write(buffer);
        }
        of.beforeBytes();
        boolean empty = !buffer.hasRemaining();
        int count = super.write(buffer);
        if (!empty) {
            of.afterWrite(count);
        }
        return count;
    }
}
