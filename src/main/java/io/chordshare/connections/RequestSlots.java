package io.chordshare.connections;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Lets requests in. Users get three quarters of the connections for requests that run at a time; the rest is for peers
 * and monitoring, so that a node with too many users neither looks dead to its neighbours nor is restarted. Requests
 * that only wait for their clients keep nobody out: the one that has waited the longest ends for a new one.
 */
public final class RequestSlots {

    private static final int USERS_QUARTERS = 3;
    private static final int QUARTERS = 4;

    /** What a request is told. */
    public enum Verdict {
        ADMITTED,
        /** Too many requests of users run. Trying again in a moment can help. */
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
     * @param giveUpOne   ends the request of a user that has waited for its client the longest; false when none waits
     */
    RequestSlots(IntSupplier connections, BooleanSupplier giveUpOne) {
        this.connections = connections;
        this.giveUpOne = giveUpOne;
    }

    /**
     * A request begins. Call {@link #leave} with the same {@code ofUser} at its end when it was admitted.
     *
     * @param what   the request, for people
     * @param ofUser whether the request is of a user, not of a peer or a monitoring system
     */
    public Verdict enter(String what, boolean ofUser) {
        if (FairEndpoint.CURRENT.isBound()) {
            FairEndpoint.CURRENT.get().requestBegins(what, ofUser);
        }
        if (!ofUser) {
            return Verdict.ADMITTED;
        }
        boolean tooMany = running.incrementAndGet() > connections.getAsInt() * USERS_QUARTERS / QUARTERS;
        // who is given up needs a moment to go
        if (tooMany && !giveUpOne.getAsBoolean()) {
            running.decrementAndGet();
            return Verdict.TOO_MANY;
        }
        // after the count: the code that stops the node sees either this request or its end
        if (stopping) {
            running.decrementAndGet();
            return Verdict.STOPPING;
        }
        return Verdict.ADMITTED;
    }

    /** A request that was admitted has been answered. */
    public void leave(boolean ofUser) {
        answered();
        if (ofUser) {
            running.decrementAndGet();
        }
    }

    /** A request was answered, or refused. */
    public void answered() {
        if (FairEndpoint.CURRENT.isBound()) {
            FairEndpoint.CURRENT.get().requestEnds();
        }
    }

    /** From now on users are refused. */
    void stop() {
        stopping = true;
    }

    /** Requests of users that run. */
    int running() {
        return running.get();
    }
}
