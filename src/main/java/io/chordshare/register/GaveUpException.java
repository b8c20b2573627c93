package io.chordshare.register;

import org.jspecify.annotations.Nullable;
/** A proposal does not want to replace what it has seen, for example because a condition does not hold. */
public class GaveUpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public GaveUpException(String message) {
        super(message);
    }

    public GaveUpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
