package io.chordshare.storage.recovery;

import io.chordshare.storage.error.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the {@link SessionToken}: at the start, at the end, and every 10 minutes while records change. If a person
 * restores a copy of the database that is older than that, the node notices at its next start.
 */
public final class SessionRenewal {

    private static final Duration RENEW_EVERY = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(SessionRenewal.class);

    private final SessionToken token;
    private final LongSupplier changes;
    private final LongSupplier nanoTime;
    private long renewedNanos;
    private long renewedChanges;

    /** @param changes grows with every change of a record */
    public SessionRenewal(SessionToken token, LongSupplier changes, LongSupplier nanoTime) {
        this.token = token;
        this.changes = changes;
        this.nanoTime = nanoTime;
        renewedNanos = nanoTime.getAsLong();
    }

    /** Renews the token if it is old and records have changed. Not thread-safe. */
    public void renewIfDue() {
        long now = nanoTime.getAsLong();
        long changesNow = changes.getAsLong();
        if (now - renewedNanos >= RENEW_EVERY.toNanos() && changesNow != renewedChanges) {
            renewedNanos = now;
            renewedChanges = changesNow;
            renew();
        }
    }

    /** Renews the token. If the disk accepts no write, the previous token stays valid. */
    public void renew() {
        try {
            token.renew();
        } catch (IOException | StorageException e) {
            LOG.debug("The session token of the database is not renewed", e);
        }
    }
}
