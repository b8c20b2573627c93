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
        NOT_FOUND,
        /** The file is not in the state that the request presumes. */
        PRECONDITION_FAILED,
        /** The bytes that arrived are not those that were announced. */
        DIGEST_MISMATCH,
        /** Fewer bytes arrived than were announced. */
        TRUNCATED,
        /** More bytes than a file may have. */
        TOO_LARGE,
        /** Too few of the nodes that answer for the file can be reached, or have its bytes. */
        NO_MAJORITY,
        /** This node is in no ring at the moment. */
        NOT_A_MEMBER,
        /** Others write the same name, or use all memory for bodies. */
        BUSY,
        /** Too few of the nodes that answer for the file have room, or this one has none. */
        DISK_FULL,
        /** The disk of this node fails. */
        DISK_FAILED
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

    /** When the same request may succeed; empty where trying again does not help, or nobody can tell when. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
