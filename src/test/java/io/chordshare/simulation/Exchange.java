package io.chordshare.simulation;

import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question and its answer. Over as soon as the asker has an answer or has waited long enough; whatever comes later
 * is dropped. Its timer is set only once it is known that the answer will be late or never come, because nearly all
 * answers are not: <strong>whoever lets a message go astray, or keeps it, must call {@link #expect}</strong>.
 */
final class Exchange<A> {

    final SimulatedNode asker;
    final String address;
    /** Null for the question who one is. */
    final @Nullable Request<A> request;
    /** As of sending: the asker may be somebody else's successor by the time it arrives. */
    final Envelope envelope;
    private final Wait wait;
    private final long deadlineNanos;
    private boolean timerIsSet;
    private @Nullable A answer;
    private @Nullable Reason failure;
    private String words = "";
    private @Nullable PendingAnswer pending;

    Exchange(SimulatedNode asker, String address, @Nullable Request<A> request, Envelope envelope, Duration limit) {
        this.asker = asker;
        this.address = address;
        this.request = request;
        this.envelope = envelope;
        this.wait = new Wait(asker);
        this.deadlineNanos = asker.kernel().nanos() + asker.clock().trueNanos(limit);
    }

    /** Waits for the answer. */
    A await() throws PeerException {
        wait.await();
        if (failure != null) {
            throw new PeerException(failure, words);
        }
        return answer;
    }

    boolean isOver() {
        return wait.isOver();
    }

    /** The answer will not be there by {@code nanos}: if that is too late, the asker will have given up. */
    void expectNotBefore(long nanos) {
        if (nanos >= deadlineNanos) {
            expect();
        }
    }

    /** Nobody can say whether an answer will come. */
    void expect() {
        if (!timerIsSet) {
            timerIsSet = true;
            asker.kernel().schedule(deadlineNanos - asker.kernel().nanos(), () -> asker.happen(this::timeOut));
        }
    }

    private void timeOut() {
        if (!isOver()) {
            asker.note(EventLog.Kind.TIMED_OUT, request);
            fail(Reason.NO_ANSWER, address + " does not answer: it takes too long");
        }
    }

    void succeed(A content) {
        answer = content;
        end();
    }

    void fail(Reason reason, String why) {
        failure = reason;
        words = why;
        end();
    }

    /** The asker may be about to adopt this. */
    void pending(PendingAnswer underWay) {
        if (!isOver()) {
            pending = underWay;
            asker.world().observers().answered(underWay);
        }
    }

    private void end() {
        wait.end();
        // by now the asker has used it, and waits for the next thing
        if (pending != null) {
            asker.world().observers().settled(pending);
            pending = null;
        }
    }
}
