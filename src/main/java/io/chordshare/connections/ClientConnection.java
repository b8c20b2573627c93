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
 * One connection of a client: what it does at the moment, and how long this node has waited for the client. The clock
 * stands still while the node itself is busy with a request. Thread-safe.
 */
public final class ClientConnection {

    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    /**
     * What is left of a body after the answer may pause for this time. Clients that look for an answer only once they
     * have sent everything would not see it otherwise.
     */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** What the connection does. */
    enum Use {
        /** No request of it was answered yet: nothing came, or half a head. */
        NEW,
        /** The answer was sent; the node reads what is left of the body. */
        LINGERING,
        /** Between two requests. */
        IDLE,
        /** A request runs, and waits for the client. */
        WAITING,
        /** A request runs. The connection cannot be given up. */
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

    // -- the course of a request ------------------------------------------------------------------------------------

    /** Bytes came, and a thread begins to read them. */
    synchronized void threadBegins() {
        thread = Thread.currentThread();
    }

    /** The thread has done what it can: the request was answered, or more of its head must come. */
    synchronized void threadEnds(boolean headIsIncomplete) {
        thread = null;
        request = null;
        answered = false;
        if (!headIsIncomplete) {
            headBegun = false;
            since = System.nanoTime();
        }
    }

    /** The head was read: the application begins to work. */
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

    /** The application has answered. Tomcat reads the rest of the body, if there is any. */
    synchronized void requestEnds() {
        answered = true;
        since = System.nanoTime();
        sending.grant(LINGER);
        wrapper.setReadTimeout(LINGER.toMillis());
    }

    // -- bytes ------------------------------------------------------------------------------------------------------

    /** @throws ClosedChannelException when the node gave the connection up */
    synchronized void beforeBytes() throws ClosedChannelException {
        if (cut) {
            // what woke this thread up must not disturb what it does next
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
            // the answer says so, and what is still under way may come
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

    // -- what others see --------------------------------------------------------------------------------------------

    /**
     * One look at a connection.
     *
     * @param request what runs, for people; null when no request runs
     * @param ofUser  whether the request is of a user, not of a peer or a monitoring system
     * @param since   when this use began, as {@link System#nanoTime}
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
            // a head is read without waiting, so this takes no time
            return Use.BUSY;
        }
        boolean waiting = sending.isWaiting() || reading.isWaiting();
        return !waiting ? Use.BUSY : answered ? Use.LINGERING : Use.WAITING;
    }

    /** Ends the connection if it still does what {@code look} saw. */
    boolean giveUp(Look look) {
        return switch (look.use()) {
            case NEW, IDLE -> closeUnused(look);
            case LINGERING, WAITING -> cut(look);
            case BUSY -> false;
        };
    }

    private boolean closeUnused(Look look) {
        // the thread that processes a request holds this lock all the time
        if (!wrapper.getLock().tryLock()) {
            return false;
        }
        try {
            // Tomcat takes it for a fault when a connection ends before its selector knows it
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

    /** Ends the connection, whatever it does: a request that runs fails when it moves the next byte. */
    synchronized boolean cutNow() {
        if (cut) {
            return false;
        }
        cut = true;
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("a connection that was given up could not be closed: {}", e.getMessage());
        }
        if (thread != null && (sending.isWaiting() || reading.isWaiting())) {
            // It waits for bytes, or is about to look for them: see beforeBytes
            thread.interrupt();
        }
        return true;
    }

    /** Ends the wait for something other than the client, such as the ring: the request answers that the node stops. */
    synchronized void interruptRequest(Look look) {
        if (thread != null && !answered && Objects.equals(request, look.request())) {
            thread.interrupt();
        }
    }
}
