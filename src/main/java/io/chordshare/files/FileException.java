package io.chordshare.files;

import io.chordshare.register.GaveUpException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a file failed. The reasons are a closed set; each edge (HTTP, later others) maps them to its own
 * form.
 */
public final class FileException extends GaveUpException {

    private static final long serialVersionUID = 1L;

    /** The possible reasons. */
    public enum Reason {
        /** There is no file of that name. */
        NOT_FOUND,
        /** A precondition of the request failed. */
        PRECONDITION_FAILED,
        /** The received bytes do not match the announced digest. */
        DIGEST_MISMATCH,
        /** Fewer bytes arrived than announced. */
        TRUNCATED,
        /** The file is larger than a file may be. */
        TOO_LARGE,
        /** Too few of the responsible nodes are reachable, or have the bytes. */
        NO_MAJORITY,
        /** This node is not a member of a ring now. */
        NOT_A_MEMBER,
        /** Nobody can say whether a conditional request has changed the file: another one came between. */
        UNKNOWN_OUTCOME,
        /** Other requests write the same name, or use all memory for bodies. */
        BUSY,
        /** Too few of the responsible nodes have room, or this node has none. */
        DISK_FULL,
        /** The disk of this node fails. */
        DISK_FAILED
    }

    private final Reason reason;
    private final String detail;
    private final @Nullable Duration retryAfter;

    /** @param detail what happened and what to do about it; shown to the user */
    FileException(Reason reason, String detail) {
        this(reason, detail, null, null);
    }

    /**
     * @param detail     what happened and what to do about it; shown to the user
     * @param retryAfter when to try again, or null if that is unknown
     * @param cause      only for the log
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

    /** When the same request may succeed; empty if a retry does not help, or the time is unknown. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
