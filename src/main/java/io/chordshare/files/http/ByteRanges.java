package io.chordshare.files.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code Range} in bytes (RFC 9110, section 14.1.2), before it is known how long the file is. */
public record ByteRanges(List<Spec> specs) {

    /** More ranges than any reader of a document asks for at once; each costs the opening of a block. */
    static final int MAX_RANGES = 100;

    private static final Pattern UNIT_AND_SET = Pattern.compile("(?i:bytes)=(.*)");
    private static final Pattern SPEC = Pattern.compile("(?<first>[0-9]+)-(?<last>[0-9]*)|-(?<suffix>[0-9]+)");
    private static final Pattern BETWEEN_SPECS = Pattern.compile("[ \\t]*,[ \\t]*");
    /** Any number with more digits is beyond every file, and beyond a {@code long}. */
    private static final int MAX_DIGITS = 18;

    /**
     * One range: from {@code first} to {@code last}, or the {@code last} bytes of the file when {@code first} is
     * negative.
     */
    record Spec(long first, long last) {

        private boolean isSuffix() {
            return first < 0;
        }

        private Optional<Slice> within(long size) {
            if (isSuffix()) {
                long length = Math.min(last, size);
                return length == 0 ? Optional.empty() : Optional.of(new Slice(size - length, length));
            }
            return first >= size ? Optional.empty()
                    : Optional.of(new Slice(first, Math.min(last, size - 1) - first + 1));
        }
    }

    /** Bytes that a file has. @param count at least 1 */
    record Slice(long position, long count) {}

    /** Empty when the value must be ignored: another unit, no range, an impossible one, or too many. */
    static Optional<ByteRanges> parse(String value) {
        Matcher unit = UNIT_AND_SET.matcher(value.strip());
        if (!unit.matches()) {
            return Optional.empty();
        }
        List<Spec> specs = new ArrayList<>();
        for (String element : BETWEEN_SPECS.split(unit.group(1))) {
            Matcher matcher = SPEC.matcher(element);
            if (matcher.matches()) {
                specs.add(spec(matcher));
            } else if (!element.isEmpty()) {
                return Optional.empty();
            }
        }
        boolean possible = specs.stream().allMatch(spec -> spec.isSuffix() || spec.last() >= spec.first());
        return specs.isEmpty() || specs.size() > MAX_RANGES || !possible ? Optional.empty()
                : Optional.of(new ByteRanges(specs));
    }

    private static Spec spec(Matcher matcher) {
        if (matcher.group("suffix") != null) {
            return new Spec(-1, number(matcher.group("suffix")));
        }
        String last = matcher.group("last");
        return new Spec(number(matcher.group("first")), last.isEmpty() ? Long.MAX_VALUE : number(last));
    }

    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /** Whether it asks for the end of a file that is empty: there is such an end, but no way to say so in a 206. */
    boolean areAllOfNothing(long size) {
        return size == 0 && specs.stream().anyMatch(spec -> spec.isSuffix() && spec.last() > 0);
    }

    /**
     * Those that the file has, in the order in which they were asked for; empty when it has none. Ranges that add up to
     * more than the file, which is a way to make work and not to read, become one.
     */
    List<Slice> within(long size) {
        List<Slice> slices = specs.stream().map(spec -> spec.within(size)).flatMap(Optional::stream).toList();
        long sum = slices.stream().mapToLong(Slice::count).reduce(0, ByteRanges::addOrMax);
        return slices.size() > 1 && sum >= size ? List.of(new Slice(0, size)) : slices;
    }

    private static long addOrMax(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
