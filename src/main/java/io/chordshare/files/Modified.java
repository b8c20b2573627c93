package io.chordshare.files;

import io.chordshare.storage.model.FileRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a file was changed, as a validator (RFC 9110, section 8.8.2): in whole seconds. The clock is that of the node
 * which took the upload, but each version of a name gets a later second than the version before, also when another node
 * wrote that one (see {@code NextRecord}). So two versions never have the same date.
 *
 * @param instant as in the record; without a fraction when the version before was changed within the same second
 */
public record Modified(Instant instant) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    /**
     * Younger changes are not told by a date: the second of the change must be over, and the one after it, since the
     * clocks of two nodes are never quite the same.
     */
    private static final Duration CLEARLY_OLDER = Duration.ofSeconds(2);

    public static Modified of(FileRecord record) {
        return new Modified(record.modified());
    }

    /** What to say in {@code Last-Modified}: never later than the {@code Date} of the same answer. */
    public Instant shown(Instant now) {
        boolean toldToNobody = instant.getNano() == 0 && !isClearlyOlder(now);
        Instant told = toldToNobody ? second().minus(SECOND) : second();
        Instant thisSecond = now.truncatedTo(ChronoUnit.SECONDS);
        return told.isAfter(thisSecond) ? thisSecond : told;
    }

    /** Whether there was no change after {@code date}. */
    boolean isNotAfter(Instant date) {
        return !second().isAfter(date);
    }

    /** Whether what a client got with {@code date} at the latest is still the same; when in doubt it is not. */
    boolean isClearlyNotAfter(Instant date, Instant now) {
        return isNotAfter(date) && isClearlyOlder(now);
    }

    /** Whether {@code date} is for certain that of this version. */
    public boolean is(Instant date, Instant now) {
        return second().equals(date) && isClearlyOlder(now);
    }

    private Instant second() {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private boolean isClearlyOlder(Instant now) {
        return !second().isAfter(now.minus(CLEARLY_OLDER));
    }
}
