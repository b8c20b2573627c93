package io.chordshare.connections;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client: its current use, and how long this node has waited for the client. The clock stops while
 * the node itself works on a request. Thread-safe.
 */
final class ClientConnection {

    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    /**
     * After the answer, the rest of a body may pause for this time. Some clients read the answer only after they have
     * sent everything, and would not see it otherwise.
     */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** The use of a connection. */
    enum Use {
        /** The connection has had no answer yet: nothing arrived, or only part of a head. */
        NEW,
        /** The answer was sent, and the node reads the rest of the body. */
        LINGERING,
        /** Between two requests. */
        IDLE,
        /** A request runs and waits for the client. */
        WAITING,
        /** A request runs and does not wait for the client. The connection cannot be closed. */
        BUSY
    }

    private final ConnectionProperties limits;
    private final SocketChannel channel;
    private final SocketWrapperBase<?> wrapper;
    private final InetAddress client;

    private long since = System.nanoTime();
    private @Nullable Thread thread;
    private boolean served;
    private boolean headBegun;
    private @Nullable String request;
    private boolean ofUser;
    private boolean answered;
    private boolean cut;
    private long moved;

    private final Patience sending;
    private final Patience reading;

    ClientConnection(ConnectionProperties limits, SocketChannel channel, SocketWrapperBase<?> wrapper) {
        this.limits = limits;
        this.channel = channel;
        this.wrapper = wrapper;
        this.client = channel.socket().getInetAddress();
        sending = new Patience(limits.leastRate().toBytes());
        reading = new Patience(limits.leastRate().toBytes());
    }

    SocketWrapperBase<?> wrapper() {
        return wrapper;
    }

    InetAddress client() {
        return client;
    }

    // -- phases of a request
    // -------------------------------------------------------------------------------------------

    /** Bytes arrived, and a thread begins to read them. */
    synchronized void threadBegins() {
        thread = Thread.currentThread();
    }

    /** The thread is done: the request was answered, or more of its head must arrive. */
    synchronized void threadEnds(boolean headIsIncomplete) {
        thread = null;
        request = null;
        answered = false;
        if (!headIsIncomplete) {
            headBegun = false;
            since = System.nanoTime();
        }
    }

    /** The head was read, and the application begins its work. */
    synchronized void requestBegins(String what, boolean isOfUser) {
        request = what;
        ofUser = isOfUser;
        answered = false;
        served = true;
        headBegun = false;
        moved = 0;
        since = System.nanoTime();
        sending.grant(limits.patience());
        reading.grant(limits.readWithin());
        wrapper.setWriteTimeout(limits.readWithin().toMillis());
    }

    /** The application has answered. Tomcat reads the rest of the body, if any. */
    synchronized void requestEnds() {
        answered = true;
        since = System.nanoTime();
        sending.grant(LINGER);
        wrapper.setReadTimeout(LINGER.toMillis());
    }

    // -- bytes ------------------------------------------------------------------------------------------------------

    /** @throws ClosedChannelException when this node has closed the connection */
    synchronized void beforeBytes() throws ClosedChannelException {
        if (cut) {
            // the interrupt that woke this thread must not disturb its next work
            Thread.interrupted();
            throw new ClosedChannelException();
        }
    }

    /** @throws SocketTimeoutException when the client is too slow */
    synchronized void afterRead(long bytes) throws SocketTimeoutException {
        if (request == null) {
            head(bytes);
            return;
        }
        moved += Math.max(0, bytes);
        reading.pause();
        try {
            sending.moved(bytes, System.nanoTime());
        } catch (SocketTimeoutException e) {
            // the answer reports the timeout, and what is under way may still arrive
            sending.grant(LINGER);
            throw e;
        }
    }

    private void head(long bytes) throws SocketTimeoutException {
        if (bytes <= 0) {
            return;
        }
        long now = System.nanoTime();
        if (!headBegun) {
            headBegun = true;
            since = now;
        } else if (now - since > limits.headWithin().toNanos()) {
            throw new SocketTimeoutException("the request head took longer than " + limits.headWithin());
        }
    }

    /** @throws SocketTimeoutException when the client is too slow */
    synchronized void afterWrite(long bytes) throws SocketTimeoutException {
        if (request != null) {
            moved += Math.max(0, bytes);
            sending.pause();
            reading.moved(bytes, System.nanoTime());
        }
    }

    // -- for observers
    // -------------------------------------------------------------------------------------------------

    /**
     * A snapshot of a connection.
     *
     * @param request the request, for people; null when none runs
     * @param ofUser  whether the request comes from a user, not from a peer or a monitoring system
     * @param since   the start of this use, as {@link System#nanoTime}
     * @param moved   bytes of the request and its answer so far
     */
    record Look(ClientConnection connection, Use use, @Nullable String request, boolean ofUser, long since,
            long moved) {}

    synchronized Look look() {
        Use use = use();
        boolean waits = use == Use.WAITING || use == Use.LINGERING;
        long began = !waits ? since : sending.isWaiting() ? sending.waitingSince() : reading.waitingSince();
        return new Look(this, use, answered ? null : request, ofUser, began, moved);
    }

    private Use use() {
        if (thread == null) {
            boolean forApplication = wrapper.getCurrentProcessor() instanceof Processor processor
                    && (processor.isAsync() || processor.isUpgrade());
            return forApplication ? Use.BUSY : headBegun || !served ? Use.NEW : Use.IDLE;
        }
        if (request == null) {
            // Tomcat reads a head without waiting, so this state is short
            return Use.BUSY;
        }
        boolean waiting = sending.isWaiting() || reading.isWaiting();
        return !waiting ? Use.BUSY : answered ? Use.LINGERING : Use.WAITING;
    }

    /** Closes the connection if its use is still the one in {@code look}. */
    boolean giveUp(Look look) {
        return switch (look.use()) {
            case NEW, IDLE -> closeUnused(look);
            case LINGERING, WAITING -> cut(look);
            case BUSY -> false;
        };
    }

    private boolean closeUnused(Look look) {
        // a thread that processes a request holds this lock all the time
        if (!wrapper.getLock().tryLock()) {
            return false;
        }
        try {
            // Tomcat reports a fault when a connection ends before its selector knows it
            if (look().use() != look.use() || !channel.isRegistered()) {
                return false;
            }
            wrapper.close();
            return true;
        } finally {
            wrapper.getLock().unlock();
        }
    }

    private synchronized boolean cut(Look look) {
        Look now = look();
        if (now.use() != look.use() || now.since() != look.since()) {
            return false;
        }
        return cutNow();
    }

    /** Closes the connection in any use. A running request fails at its next byte. */
    synchronized boolean cutNow() {
        if (cut) {
            return false;
        }
        cut = true;
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("an aborted connection could not be closed: {}", e.getMessage());
        }
        if (thread != null && (sending.isWaiting() || reading.isWaiting())) {
            // The thread waits for bytes, or is about to: see beforeBytes
            thread.interrupt();
        }
        return true;
    }

    /**
     * Ends a wait for something other than the client, such as the ring. The request then answers that the node stops.
     */
    synchronized void interruptRequest(Look look) {
        if (thread != null && !answered && Objects.equals(request, look.request())) {
            thread.interrupt();
        }
    }
}
