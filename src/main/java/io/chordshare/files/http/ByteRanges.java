package io.chordshare.files.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code Range} in bytes (RFC 9110, section 14.1.2), before the file's length is known. */
record ByteRanges(List<Spec> specs) {

    /** No reader of a document asks for more ranges at once. Each range opens a block. */
    static final int MAX_RANGES = 100;

    private static final Pattern UNIT_AND_SET = Pattern.compile("(?i:bytes)=(.*)");
    private static final Pattern SPEC = Pattern.compile("(?<first>[0-9]+)-(?<last>[0-9]*)|-(?<suffix>[0-9]+)");
    private static final Pattern BETWEEN_SPECS = Pattern.compile("[ \\t]*,[ \\t]*");
    /** A number with more digits exceeds every file size, and may exceed a {@code long}. */
    private static final int MAX_DIGITS = 18;

    /**
     * One range from {@code first} to {@code last}. If {@code first} is negative: the last {@code last} bytes of the
     * file.
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

    /** A part of an existing file; {@code count} is at least 1. */
    record Slice(long position, long count) {}

    /** Empty when the value must be ignored: another unit, no range, an impossible range, or too many. */
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

    /** Whether this asks for the end of an empty file. That end exists, but a 206 response cannot express it. */
    boolean areAllOfNothing(long size) {
        return size == 0 && specs.stream().anyMatch(spec -> spec.isSuffix() && spec.last() > 0);
    }

    /**
     * The ranges within the file, in the requested order; empty when there are none. If several ranges add up to at
     * least the whole file, they become one, because such a request only creates work.
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
