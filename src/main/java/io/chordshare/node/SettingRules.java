package io.chordshare.node;

import io.chordshare.problem.StartRefusedException;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Refuses at the start a setting that would fail later. */
final class SettingRules {

    /** For durations without a limit of their own. Keeps sums of times far from an overflow. */
    static final Duration LONGEST = Duration.ofDays(365);

    private SettingRules() {}

    static StartRefusedException refused(String name, Object value, String why, String action) {
        return new StartRefusedException(name + "=" + value + " cannot be used: " + why, action);
    }

    static StartRefusedException refused(String name, Object value, RuntimeException why, String action) {
        return new StartRefusedException(name + "=" + value + " cannot be used: " + why.getMessage() + ".", action,
                why);
    }

    static void requireBetween(String name, int value, int least, int most, String why) {
        if (value < least || value > most) {
            throw refused(name, value, why, "Set it to a number from " + least + " to " + most + ".");
        }
    }

    static void requireBetween(String name, Duration value, Duration shortest, Duration longest, String why) {
        if (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0) {
            throw refused(name, text(value), why,
                    "Set it to a time from " + text(shortest) + " to " + text(longest)
                            + ". A number without a unit is milliseconds.");
        }
    }

    /** The size as a person writes it in a setting. */
    static String text(DataSize size) {
        long megabytes = size.toMegabytes();
        return DataSize.ofMegabytes(megabytes).equals(size) ? megabytes + "MB" : size.toBytes() + "B";
    }

    /** The duration as a person writes it in a setting: in the largest exact unit. */
    private static String text(Duration value) {
        if (value.isZero()) {
            return "0s";
        }
        if (value.toNanosPart() != 0) {
            return DurationStyle.SIMPLE.print(value);
        }
        long seconds = value.toSeconds();
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d"
                : seconds % 3600 == 0 ? seconds / 3600 + "h"
                : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
