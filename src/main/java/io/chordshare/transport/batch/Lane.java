package io.chordshare.transport.batch;

import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one kind to one peer. A message is sent at once, unless {@link #MAX_UNDER_WAY} batches are under way:
 * then it waits, and travels with the others that wait. The threads that wait for answers do the sending: the first
 * that waits sends for all, as in flat combining (Hendler, Incze, Shavit and Tzafrir, SPAA 2010). So nothing is handed
 * over to other threads, and an idle lane has none.
 *
 * @param <Q> a message
 * @param <A> its answer
 */
final class Lane<Q, A> {

    /** A second batch fills the time in which the peer works on the first. More would only make batches smaller. */
    static final int MAX_UNDER_WAY = 2;
    /** More than a node that keeps up ever has. */
    static final int MAX_WAITING = 1024;

    private final Exchange<Q, A> exchange;
    private final int mostBytes;
    private final String peer;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    /** Sends messages, and waits for their answers for a limited time. */
    @FunctionalInterface
    interface Exchange<Q, A> {

        /**
         * @return the outcomes, in the order of the messages
         * @throws PeerException when all of them have failed
         */
        List<Outcome<A>> send(List<Q> messages) throws PeerException;
    }

    /** A message, and the thread that waits for its answer. */
    private final class Waiting {

        private final Q message;
        private final int bytes;
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Outcome<A> outcome;
        private volatile @Nullable Throwable bug;
        private volatile boolean leads;

        private Waiting(Q message, int bytes) {
            this.message = message;
            this.bytes = bytes;
        }

        private boolean isDone() {
            return outcome != null || bug != null;
        }

        /** Whether it was to send. */
        private boolean stopsLeading() {
            synchronized (waiting) {
                boolean led = leads;
                leads = false;
                return led;
            }
        }
    }

    /**
     * @param mostBytes of messages that travel together; a larger one travels alone
     * @param peer      for people
     */
    Lane(Exchange<Q, A> exchange, int mostBytes, String peer) {
        this.exchange = exchange;
        this.mostBytes = mostBytes;
        this.peer = peer;
    }

    /**
     * Sends a message, and waits for its answer.
     *
     * @param bytes    about its size, or that of its answer: what the lane limits
     * @param patience the longest wait
     * @throws PeerException when the peer does not answer in time, or refuses, or too much waits for it
     */
    A call(Q message, int bytes, Duration patience) throws PeerException {
        long until = System.nanoTime() + patience.toNanos();
        Waiting own = new Waiting(message, bytes);
        synchronized (waiting) {
            if (waiting.size() >= MAX_WAITING) {
                throw new PeerException(Reason.OVERLOADED, MAX_WAITING + " messages wait for " + peer + " already");
            }
            waiting.add(own);
            // with fewer under way, nothing else waits
            if (underWay < MAX_UNDER_WAY) {
                underWay++;
                own.leads = true;
            }
        }
        await(own, until);
        return result(own, patience);
    }

    private void await(Waiting own, long until) {
        while (!own.isDone()) {
            if (own.stopsLeading()) {
                lead();
                continue;
            }
            long left = until - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        boolean passesOn;
        synchronized (waiting) {
            if (!own.isDone()) {
                waiting.remove(own);
            }
            passesOn = own.stopsLeading();
        }
        if (passesOn) {
            passOn();
        }
    }

    private A result(Waiting own, Duration patience) throws PeerException {
        switch (own.bug) {
            case RuntimeException bug -> throw bug;
            case Error error -> throw error;
            case null, default -> { }
        }
        return switch (own.outcome) {
            case Outcome.Answered<A>(A answer) -> answer;
            case Outcome.Failed<A>(PeerException reason) -> throw reason;
            case null -> throw new PeerException(Reason.NO_ANSWER, Thread.currentThread().isInterrupted()
                    ? "this node is being stopped" : peer + " did not answer within " + patience.toMillis() + " ms");
        };
    }

    /** Sends what waits first, and then has the next one send. */
    private void lead() {
        List<Waiting> batch;
        Waiting another = null;
        synchronized (waiting) {
            batch = take();
            if (underWay < MAX_UNDER_WAY) {
                another = promote();
                underWay += another == null ? 0 : 1;
            }
        }
        wake(another);
        try {
            if (!batch.isEmpty()) {
                send(batch);
            }
        } finally {
            passOn();
        }
    }

    private List<Waiting> take() {
        List<Waiting> batch = new ArrayList<>();
        int bytes = 0;
        for (Waiting next = waiting.peek(); next != null && batch.size() < MessageBatch.MAX_MESSAGES
                && (batch.isEmpty() || bytes + next.bytes <= mostBytes); next = waiting.peek()) {
            bytes += next.bytes;
            batch.add(waiting.remove());
        }
        return batch;
    }

    private void send(List<Waiting> batch) {
        try {
            List<Outcome<A>> outcomes = exchange.send(batch.stream().map(one -> one.message).toList());
            if (outcomes.size() != batch.size()) {
                throw new PeerException(Reason.NOT_THAT_NODE, peer + " answers another number of messages");
            }
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome = outcomes.get(i);
            }
        } catch (PeerException e) {
            batch.forEach(one -> one.outcome = new Outcome.Failed<>(e));
        } catch (RuntimeException | Error e) {
            // a bug, or no memory: each that waits for this batch throws it
            batch.forEach(one -> one.bug = e);
        }
        batch.forEach(this::wake);
    }

    private void wake(@Nullable Waiting one) {
        if (one != null && one.thread != Thread.currentThread()) {
            LockSupport.unpark(one.thread);
        }
    }

    /** The first that waits and does not lead yet leads now. Under the lock. */
    private @Nullable Waiting promote() {
        for (Waiting next : waiting) {
            if (!next.leads) {
                next.leads = true;
                return next;
            }
        }
        return null;
    }

    /** Whether nothing waits and nothing is under way. */
    boolean isIdle() {
        synchronized (waiting) {
            return waiting.isEmpty() && underWay == 0;
        }
    }

    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private void passOn() {
        Waiting next;
        synchronized (waiting) {
            next = promote();
            underWay -= next == null ? 1 : 0;
        }
        wake(next);
    }
}
