package io.chordshare.simulation;

import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. It ends when the asker has an answer or has timed out; a later answer is dropped. The
 * timer is set only when the answer will be late or missing, because nearly all answers come in time. So <strong>code
 * that loses or holds a message must call {@link #expect}</strong>.
 */
final class Exchange<A> {

    final SimulatedNode asker;
    final String address;
    /** Null for an identify request. */
    final @Nullable Request<A> request;
    /** The envelope at the time of sending. The asker may have another one when the message arrives. */
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

    /** The answer will not arrive before {@code nanos}. If that is too late, the asker times out. */
    void expectNotBefore(long nanos) {
        if (nanos >= deadlineNanos) {
            expect();
        }
    }

    /** It is unknown whether an answer will come, so the timer must run. */
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

    /** The asker may be about to adopt this answer. */
    void pending(PendingAnswer underWay) {
        if (!isOver()) {
            pending = underWay;
            asker.world().observers().answered(underWay);
        }
    }

    private void end() {
        wait.end();
        // the asker has used the answer by now and waits for the next event
        if (pending != null) {
            asker.world().observers().settled(pending);
            pending = null;
        }
    }
}
