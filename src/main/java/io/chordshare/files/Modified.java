package io.chordshare.files;

import io.chordshare.storage.model.FileRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The modification time of a file as a validator in whole seconds (RFC 9110, section 8.8.2). The time is from the clock
 * of the node that received the upload. Each version of a name gets a later second than the previous version, even if
 * another node wrote that one (see {@code NextRecord}). So two versions never have the same date.
 *
 * @param instant as in the record; without a fraction when the previous version is from the same second
 */
public record Modified(Instant instant) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    /**
     * A younger change is not identified by its date: its second must be over, and one more second, because the clocks
     * of two nodes differ.
     */
    private static final Duration CLEARLY_OLDER = Duration.ofSeconds(2);

    public static Modified of(FileRecord record) {
        return new Modified(record.modified());
    }

    /** The value of {@code Last-Modified}: never later than the {@code Date} of the same response. */
    public Instant shown(Instant now) {
        boolean toldToNobody = instant.getNano() == 0 && !isClearlyOlder(now);
        Instant told = toldToNobody ? second().minus(SECOND) : second();
        Instant thisSecond = now.truncatedTo(ChronoUnit.SECONDS);
        return told.isAfter(thisSecond) ? thisSecond : told;
    }

    /** Whether the file did not change after {@code date}. */
    boolean isNotAfter(Instant date) {
        return !second().isAfter(date);
    }

    /** Whether a client that received {@code date} certainly has the current version. False when in doubt. */
    boolean isClearlyNotAfter(Instant date, Instant now) {
        return isNotAfter(date) && isClearlyOlder(now);
    }

    /** Whether {@code date} certainly identifies this version. */
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
