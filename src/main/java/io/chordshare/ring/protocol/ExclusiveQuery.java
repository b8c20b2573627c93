package io.chordshare.ring.protocol;

import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.join.Admission;
import io.chordshare.ring.protocol.RingRequest.JoinAnswer;
import io.chordshare.ring.protocol.RingRequest.JoinVerdict;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Asks one of the three state-changing questions, so that question and change are one atomic step. From the question
 * until the change, the same questions of other nodes get the answer <em>busy</em> (the atomicity that Zave's proof
 * assumes: TSE 2017, section 4.4).
 */
public final class ExclusiveQuery {

    /** After this many busy answers in a row, the step is dropped without a change, until the next tick. */
    private static final int BUSY_TRIES = 3;
    /** Two nodes that ask each other must not collide again, so each waits a random part of this. */
    private static final Duration BUSY_PAUSE = Duration.ofMillis(60);

    private final NodeRuntime runtime;
    private final FailureDetector detector;
    private volatile boolean asking;
    private volatile boolean leaving;

    /** The result of a question. */
    public enum Ending {
        /** The peer answered, and the change was made. */
        ANSWERED,
        /** The peer is alive, but gave no usable answer. Try again later. */
        DEFERRED,
        /** No answer. */
        SILENT
    }

    public ExclusiveQuery(NodeRuntime runtime, FailureDetector detector) {
        this.runtime = runtime;
        this.detector = detector;
    }

    /** Whether this node must answer busy. Check this before you read the state for the answer. */
    public boolean busy() {
        return asking || leaving;
    }

    /** A leaving node also answers busy: a node that adopted it now could lose its other neighbour. */
    public void setLeaving(boolean leaving) {
        this.leaving = leaving;
    }

    public Ending neighbours(Peer peer, Consumer<Neighbours> change) {
        return ask(peer, new RingRequest.GetPredecessorAndSuccessors(), Duration.ZERO, Neighbours::busy, change);
    }

    public Ending join(Peer peer, Peer self, Consumer<JoinAnswer> change) {
        // the member answers after it has called this node back
        return ask(peer, new RingRequest.Join(self), Admission.CALL_BACK,
                answer -> answer.verdict() == JoinVerdict.BUSY, change);
    }

    private <A> Ending ask(Peer peer, RingRequest<A> question, Duration work, Predicate<A> busy, Consumer<A> change) {
        for (int tries = 0; tries < BUSY_TRIES; tries++) {
            if (tries > 0) {
                runtime.sleep(Duration.ofMillis(1 + runtime.random().nextLong(BUSY_PAUSE.toMillis())));
            }
            asking = true;
            try {
                A answer = work.isZero() ? detector.ask(peer, question) : detector.askForWork(peer, question, work);
                if (!busy.test(answer)) {
                    change.accept(answer);
                    return Ending.ANSWERED;
                }
            } catch (PeerException e) {
                return e.reason().isAlive() && e.reason() != PeerException.Reason.NOT_A_MEMBER
                        && e.reason() != PeerException.Reason.WRONG_RING ? Ending.DEFERRED : Ending.SILENT;
            } finally {
                asking = false;
            }
        }
        return Ending.DEFERRED;
    }
}
