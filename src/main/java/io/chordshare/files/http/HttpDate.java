package io.chordshare.files.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates in header fields (RFC 9110, section 5.6.7): whole seconds. Three formats are read, and the first one is
 * written.
 */
final class HttpDate {

    /** A two-digit year is never further in the future than this. */
    private static final int MAX_YEARS_AHEAD = 50;
    private static final int CENTURY = 100;

    private static final DateTimeFormatter IMF_FIXDATE = strict("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = strict("EEE MMM ppd HH:mm:ss uuuu");
    /** The format without the day's name, because the day depends on the century. */
    private static final String RFC_850_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, ";

    private HttpDate() {}

    /**
     * @param now decides the century of a two-digit year
     * @return empty if the value is not a date
     */
    static Optional<Instant> parse(String value, Instant now) {
        String text = value.strip();
        for (DateTimeFormatter format : List.of(IMF_FIXDATE, ASCTIME)) {
            Optional<Instant> date = parse(text, format);
            if (date.isPresent()) {
                return date;
            }
        }
        String withoutDay = text.replaceFirst("^" + RFC_850_DAY, "");
        return withoutDay.equals(text) ? Optional.empty() : parse(withoutDay, rfc850(now));
    }

    static String format(Instant instant) {
        return IMF_FIXDATE.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static Optional<Instant> parse(String text, DateTimeFormatter format) {
        try {
            return Optional.of(LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter rfc850(Instant now) {
        int firstYear = Year.from(now.atOffset(ZoneOffset.UTC)).getValue() + MAX_YEARS_AHEAD - CENTURY + 1;
        return new DateTimeFormatterBuilder().appendPattern("dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear).appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US).withResolverStyle(ResolverStyle.STRICT);
    }

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withResolverStyle(ResolverStyle.STRICT);
    }
}
