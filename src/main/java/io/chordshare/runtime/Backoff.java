package io.chordshare.runtime;

import java.time.Duration;

/** Pauses that double each time, up to a maximum (RFC 6298, section 5.5). */
public final class Backoff {

    private Backoff() {}

    /** The pause that follows {@code pause}. */
    public static Duration next(Duration pause, Duration longest) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
