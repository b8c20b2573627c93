package io.chordshare.runtime;

/** A peer did not do what it was asked. The reasons are a closed set, the same on both sides of the wire. */
public final class PeerException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** No connection, or no answer in time. It may be dead, or slow, or cut off. */
        NO_ANSWER(false, true),
        /** Somebody else listens at that address now, or nobody that speaks this protocol. */
        NOT_THAT_NODE(false, false),
        /** It belongs to another ring. */
        WRONG_RING(true, false),
        /** It is there, but not (or not yet, or no longer) a member of the ring. */
        NOT_A_MEMBER(true, true),
        /** It is there and answers that what was asked for does not exist. */
        NOT_FOUND(true, false),
        /** Its disk is full. */
        DISK_FULL(true, false),
        /** It has too much to do. */
        OVERLOADED(true, true),
        /** It has as many of these under way as it may. */
        TOO_MANY(true, true),
        /** It refused the request as wrong. */
        REFUSED(true, false),
        /** It failed. */
        FAILED(true, true);

        private final boolean alive;
        private final boolean retryable;

        Reason(boolean alive, boolean retryable) {
            this.alive = alive;
            this.retryable = retryable;
        }

        /** Whether the very node that was asked answered: a sign of life. */
        public boolean isAlive() {
            return alive;
        }

        /** Whether asking the same again can help. */
        public boolean isRetryable() {
            return retryable;
        }
    }

    private final Reason reason;

    public PeerException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public PeerException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
