package io.chordshare.problem;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request cannot be done. Carries the type of the problem and what the sender can do about it. */
public class ChordshareException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final String detail;
    private final @Nullable Duration retryAfter;

    /** @param detail what happened and what to do about it; shown to the sender */
    public ChordshareException(ProblemType type, String detail) {
        this(type, detail, null, null);
    }

    /** @param cause only for the log, never shown to the sender */
    public ChordshareException(ProblemType type, String detail, @Nullable Throwable cause) {
        this(type, detail, null, cause);
    }

    /** @param retryAfter when a retry may succeed, or null if that is unknown */
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

    /** When a retry may succeed; empty if that is unknown or a retry never helps. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
