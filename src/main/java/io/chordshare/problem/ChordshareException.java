package io.chordshare.problem;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be done, for a reason that its sender is told: the type of the problem and what to do about it.
 */
public class ChordshareException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final String detail;
    private final @Nullable Duration retryAfter;

    /** @param detail what to do about it; the sender of the request reads it */
    public ChordshareException(ProblemType type, String detail) {
        this(type, detail, null, null);
    }

    /** @param cause is logged where needed and never shown to the sender of the request */
    public ChordshareException(ProblemType type, String detail, @Nullable Throwable cause) {
        this(type, detail, null, cause);
    }

    /** @param retryAfter when trying the same again may succeed, or null where nobody can tell */
    public ChordshareException(ProblemType type, String detail, @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(type + ": " + detail, cause);
        if (retryAfter != null && retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter must not be negative: " + retryAfter);
        }
        this.type = Objects.requireNonNull(type);
        this.detail = Objects.requireNonNull(detail);
        this.retryAfter = retryAfter;
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return detail;
    }

    /** When trying the same again may succeed; empty where nobody can tell, or where it never will. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
