package io.chordshare.connections;

import io.chordshare.connections.ClientConnection.Look;
import io.chordshare.connections.ClientConnection.Use;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's endpoint, extended so that idle connections do not block new clients. At the limit, the endpoint first
 * closes connections without a request or with half a head, then idle ones, then those whose requests wait for their
 * clients. Within a group, the client with the most connections loses one, the oldest first.
 */
final class FairEndpoint extends NioEndpoint {

    /** The connection of the request that the current thread processes. */
    static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

    /** When no connection could be closed at once, the endpoint looks again after this time. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** A client that sends nothing for this time may be closed for a new one. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

    /** Time between the connect and the first bytes on a busy machine. No connection is closed within it. */
    private static final Duration FIRST_BYTES_WITHIN = Duration.ofMillis(200);

    /** The rank of a connection that cannot be closed. */
    private static final int NEVER = Integer.MAX_VALUE;

    /** One pass over all connections closes one in this many, so that a flood costs little per connection. */
    private static final int FREED_SHARE = 64;

    private ConnectionProperties limits = ConnectionProperties.DEFAULTS;

    void setLimits(ConnectionProperties limits) {
        this.limits = limits;
    }

    @Override
    protected NioChannel createChannel(SocketBufferHandler buffers) {
        // TLS has a channel of its own
        return isSSLEnabled() ? super.createChannel(buffers) : new MeteredChannel(buffers, limits);
    }

    @Override
    protected SocketProcessorBase<NioChannel> createSocketProcessor(SocketWrapperBase<NioChannel> wrapper,
                                                                    SocketEvent event) {
        return new MeteredProcessor(wrapper, event);
    }

    /** Tells the connection when a thread starts and ends its work for it. */
    private final class MeteredProcessor extends SocketProcessor {

        MeteredProcessor(SocketWrapperBase<NioChannel> wrapper, SocketEvent event) {
            super(wrapper, event);
        }

        @Override
        protected void doRun() {
            // Tomcat reuses the fields for another connection as soon as this call returns
            SocketWrapperBase<NioChannel> wrapper = socketWrapper;
            ClientConnection connection = connectionOf(wrapper);
            if (connection == null) {
                super.doRun();
                return;
            }
            connection.threadBegins();
            try {
                ScopedValue.where(CURRENT, connection).run(super::doRun);
            } finally {
                connection.threadEnds(wrapper.getCurrentProcessor() != null);
            }
        }
    }

    @Override
    protected void countUpOrAwaitConnection() throws InterruptedException {
        while (isRunning() && !isPaused() && isFull()) {
            makeRoom();
            if (isFull()) {
                // all are busy, or the thread of the closed one has not noticed yet
                Thread.sleep(LOOK_AGAIN);
            }
        }
        // does not wait, because only this thread adds connections
        super.countUpOrAwaitConnection();
    }

    private boolean isFull() {
        return getMaxConnections() > 0 && getConnectionCount() >= getMaxConnections();
    }

    private void makeRoom() {
        giveUp(1 + getMaxConnections() / FREED_SHARE, look -> true);
    }

    /** Ends the user request that has waited longest for its client. False when none has waited long. */
    boolean giveUpRequest() {
        return giveUp(1, look -> look.ofUser() && look.use() == Use.WAITING);
    }

    /** True when at least one connection was closed. */
    private boolean giveUp(int toFree, Predicate<Look> which) {
        List<Look> looks = looks();
        Map<InetAddress, Integer> ofClients = new HashMap<>();
        looks.forEach(look -> ofClients.merge(look.connection().client(), 1, Integer::sum));
        long now = System.nanoTime();
        int freed = 0;
        List<Look> candidates = looks.stream().filter(look -> rank(look, now) < NEVER && which.test(look))
                .sorted(Comparator.<Look>comparingInt(look -> rank(look, now))
                        .thenComparing(look -> -ofClients.getOrDefault(look.connection().client(), 0))
                        .thenComparing(look -> look.since() - now))
                .toList();
        for (Look look : candidates) {
            if (freed < toFree && look.connection().giveUp(look)) {
                freed++;
            }
        }
        return freed > 0;
    }

    /** The lowest rank is closed first. */
    private static int rank(Look look, long now) {
        long waited = now - look.since();
        boolean isShort = waited < SHORT_WAIT.toNanos();
        return switch (look.use()) {
            case NEW -> waited < FIRST_BYTES_WITHIN.toNanos() ? NEVER : isShort ? 2 : 0;
            case LINGERING -> 1;
            // ranks like a new connection: a flooding client must not be served before returning ones
            case IDLE -> 2;
            case WAITING -> isShort ? NEVER : 3;
            case BUSY -> NEVER;
        };
    }

    /** A snapshot of each connection. */
    List<Look> looks() {
        List<Look> looks = new ArrayList<>();
        for (SocketWrapperBase<NioChannel> wrapper : getConnections()) {
            Optional.ofNullable(connectionOf(wrapper)).map(ClientConnection::look).ifPresent(looks::add);
        }
        return looks;
    }

    private static @Nullable ClientConnection connectionOf(SocketWrapperBase<NioChannel> wrapper) {
        return wrapper.getSocket() instanceof MeteredChannel channel ? channel.connection() : null;
    }
}
