package io.chordshare.connections;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Admits requests. Users get three quarters of the connections for requests that run at the same time. The rest is for
 * peers and monitoring, so that neighbours and monitoring do not take a node with many users for dead. A request that
 * only waits for its client blocks nobody: for a new request, the one that has waited longest ends.
 */
public final class RequestSlots {

    private static final int USERS_QUARTERS = 3;
    private static final int QUARTERS = 4;

    /** The decision on a request. */
    public enum Verdict {
        ADMITTED,
        /** Too many user requests run. A retry in a moment can succeed. */
        TOO_MANY,
        /** The node stops. */
        STOPPING
    }

    private final IntSupplier connections;
    private final BooleanSupplier giveUpOne;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean stopping;

    /**
     * @param connections the largest number of connections
     * @param giveUpOne   ends the user request that has waited longest for its client; false when none waits
     */
    RequestSlots(IntSupplier connections, BooleanSupplier giveUpOne) {
        this.connections = connections;
        this.giveUpOne = giveUpOne;
    }

    /**
     * A request begins. When it was admitted, call {@link #leave} with the same {@code ofUser} at its end.
     *
     * @param what   the request, for people
     * @param ofUser whether the request comes from a user, not from a peer or a monitoring system
     */
    public Verdict enter(String what, boolean ofUser) {
        if (FairEndpoint.CURRENT.isBound()) {
            FairEndpoint.CURRENT.get().requestBegins(what, ofUser);
        }
        if (!ofUser) {
            return Verdict.ADMITTED;
        }
        boolean tooMany = running.incrementAndGet() > connections.getAsInt() * USERS_QUARTERS / QUARTERS;
        // the ended request needs a moment to free its slot
        if (tooMany && !giveUpOne.getAsBoolean()) {
            running.decrementAndGet();
            return Verdict.TOO_MANY;
        }
        // after the count, so that the code that stops the node sees either this request or its end
        if (stopping) {
            running.decrementAndGet();
            return Verdict.STOPPING;
        }
        return Verdict.ADMITTED;
    }

    /** An admitted request has been answered. */
    public void leave(boolean ofUser) {
        answered();
        if (ofUser) {
            running.decrementAndGet();
        }
    }

    /** A request was answered or refused. */
    public void answered() {
        if (FairEndpoint.CURRENT.isBound()) {
            FairEndpoint.CURRENT.get().requestEnds();
        }
    }

    /** From now on, users are refused. */
    void stop() {
        stopping = true;
    }

    /** Number of running user requests. */
    int running() {
        return running.get();
    }
}
