package io.chordshare.cli.transfer;

import java.util.Locale;

/** Sizes and times for people. */
public final class Amount {

    private static final int THOUSAND = 1_000;
    private static final String PREFIXES = "kMGTPE";
    private static final int SECONDS_OF_MINUTE = 60;
    private static final int SECONDS_OF_HOUR = 3_600;

    private Amount() {}

    /** For example {@code 1.2 GB}: at most three digits, powers of 1,000. */
    public static String bytes(long bytes) {
        if (bytes < THOUSAND) {
            return bytes + " B";
        }
        double value = bytes;
        int prefix = -1;
        while (value >= THOUSAND - 0.5 && prefix < PREFIXES.length() - 1) {
            value /= THOUSAND;
            prefix++;
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %sB" : "%.0f %sB", value, PREFIXES.charAt(prefix));
    }

    /** For example {@code 4 s}, {@code 2:05} or {@code 1:02:05}. */
    static String seconds(long seconds) {
        if (seconds < SECONDS_OF_MINUTE) {
            return seconds + " s";
        }
        return seconds < SECONDS_OF_HOUR
                ? String.format(Locale.ROOT, "%d:%02d", seconds / SECONDS_OF_MINUTE, seconds % SECONDS_OF_MINUTE)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / SECONDS_OF_HOUR,
                        seconds % SECONDS_OF_HOUR / SECONDS_OF_MINUTE, seconds % SECONDS_OF_MINUTE);
    }

    /** {@code 1 file}, {@code 2 files}. */
    public static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
