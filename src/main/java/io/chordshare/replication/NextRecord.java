package io.chordshare.replication;

import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * What the next record of a name must say of itself.
 * <p>
 * Dates in HTTP are whole seconds, and must tell the versions of a name apart also when one follows the other at once,
 * or when the clock of one of their writers is wrong. So a record is dated by the clock of its writer, but into a later
 * second than the record before. Where the clock does not say so, the date is that whole second, without a fraction:
 * this marks that it is not to be told to anybody before it is over (see {@code Modified}). As nobody was told yet, the
 * same writer gives it to all records that follow within the same second of its clock, so that dates do not run ahead.
 */
public record NextRecord(Version version, Instant modified) {

    /** A record that this one follows. @param sameWriter whether it is dated by the same clock */
    record Before(Instant modified, boolean sameWriter) {}

    /** No header can have a later one, and adding to the last instant of all would fail. */
    private static final Instant LAST_DATE = Instant.parse("9999-12-31T23:59:58Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** @param before those that are known; several where it is not certain which is the newest */
    static NextRecord after(Version version, Instant now, List<Before> before) {
        Instant clock = now.truncatedTo(ChronoUnit.MILLIS);
        Instant own = isWholeSecond(clock) ? clock.plusMillis(1) : clock;
        return new NextRecord(version, before.stream().map(record -> after(record, own))
                .max(Comparator.naturalOrder()).orElse(own));
    }

    private static Instant after(Before before, Instant own) {
        Instant second = before.modified().truncatedTo(ChronoUnit.SECONDS);
        Instant ownSecond = own.truncatedTo(ChronoUnit.SECONDS);
        if (second.isBefore(ownSecond)) {
            return own;
        }
        boolean toldToNobody = isWholeSecond(before.modified()) && second.equals(ownSecond.plus(SECOND))
                && before.sameWriter();
        return toldToNobody || second.isAfter(LAST_DATE) ? before.modified() : second.plus(SECOND);
    }

    private static boolean isWholeSecond(Instant instant) {
        return instant.getNano() == 0;
    }
}
