package io.chordshare.runtime;

/** A peer did not do what it was asked. The reasons are a closed set, the same on both sides of the wire. */
public final class PeerException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why the call failed. */
    public enum Reason {
        /** No connection, or no answer in time. The peer may be dead, slow or partitioned. */
        NO_ANSWER(false, true),
        /** Another node listens at that address now, or something that does not speak this protocol. */
        NOT_THAT_NODE(false, false),
        /** The node belongs to another ring. */
        WRONG_RING(true, false),
        /** The node is alive, but not a member of the ring: not yet, or no longer. */
        NOT_A_MEMBER(true, true),
        /** The node is alive, and what was asked for does not exist. */
        NOT_FOUND(true, false),
        /** The node's disk is full. */
        DISK_FULL(true, false),
        /** The node is overloaded. */
        OVERLOADED(true, true),
        /** The node has reached its limit for requests of this kind. */
        TOO_MANY(true, true),
        /** The node refused the request as invalid. */
        REFUSED(true, false),
        /** The node failed. */
        FAILED(true, true);

        private final boolean alive;
        private final boolean retryable;

        Reason(boolean alive, boolean retryable) {
            this.alive = alive;
            this.retryable = retryable;
        }

        /** Whether the intended node itself answered: a sign of life. */
        public boolean isAlive() {
            return alive;
        }

        /** Whether the same request can succeed later. */
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
