package io.chordshare.cli.http;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The node understood the request and refused it. */
final class RefusedException extends ClientException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient @Nullable Duration retryAfter;

    RefusedException(int status, @Nullable Duration retryAfter, String message) {
        super(ExitCode.ofStatus(status), message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    /** when the node says that the same request may succeed; null when it does not */
    @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
