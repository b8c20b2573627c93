package io.chordshare.files;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why something cannot be done with a file. A closed set; the edges give each reason their own form. */
public final class FileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** As a closed set. */
    public enum Reason {
        /** There is no file of that name. */
        NOT_FOUND(false),
        /** The file is not in the state that the request presumes. */
        PRECONDITION_FAILED(false),
        /** The bytes that arrived are not those that were announced. */
        DIGEST_MISMATCH(true),
        /** Fewer bytes arrived than were announced. */
        TRUNCATED(true),
        /** More bytes than a file may have. */
        TOO_LARGE(false),
        /** Too few of the nodes that answer for the file can be reached, or have its bytes. */
        NO_MAJORITY(true),
        /** This node is in no ring at the moment. */
        NOT_A_MEMBER(true),
        /** Others write the same name, or use all memory for bodies. */
        BUSY(true),
        /** Too few of the nodes that answer for the file have room, or this one has none. */
        DISK_FULL(false),
        /** The disk of this node fails. */
        DISK_FAILED(false);

        private final boolean canHelpToTryAgain;

        Reason(boolean canHelpToTryAgain) {
            this.canHelpToTryAgain = canHelpToTryAgain;
        }

        /** Whether the same request may succeed a little later, at the same node. */
        public boolean canHelpToTryAgain() {
            return canHelpToTryAgain;
        }
    }

    private final Reason reason;
    private final String detail;
    private final @Nullable Duration retryAfter;

    /** @param detail what to do about it; the user reads it */
    FileException(Reason reason, String detail) {
        this(reason, detail, null, null);
    }

    /**
     * @param detail     what to do about it; the user reads it
     * @param retryAfter when to try again, or null where nobody can tell
     * @param cause      is for the log only
     */
    FileException(Reason reason, String detail, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(reason + ": " + detail, cause);
        this.reason = Objects.requireNonNull(reason);
        this.detail = Objects.requireNonNull(detail);
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    public String detail() {
        return detail;
    }

    /** When the same may succeed; empty where nobody can tell. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
