package io.chordshare.files;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code If-Match} or {@code If-None-Match} (RFC 9110, sections 8.8.3 and 13.1).
 *
 * @param any whether the value is {@code *}: any existing file
 * @param tags the tags in order, as they were sent; an empty list matches nothing
 */
public record EntityTags(boolean any, List<String> tags) {

    private static final String WEAK = "W/";
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"[!#-~\\x80-\\xFF]*\"");
    /** A list may have empty elements (RFC 9110, section 5.6.1). */
    private static final Pattern BETWEEN_TAGS = Pattern.compile("[ \\t]*(?:,[ \\t]*)+");

    /** @throws IllegalArgumentException if the value is neither {@code *} nor a list of entity tags */
    public static EntityTags parse(String value) {
        if (value.strip().equals("*")) {
            return new EntityTags(true, List.of());
        }
        List<String> tags = new ArrayList<>();
        // Start after an imaginary comma: empty elements may also come before the first tag
        String text = "," + value.strip();
        Matcher between = BETWEEN_TAGS.matcher(text);
        Matcher tag = TAG.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!between.region(at, text.length()).lookingAt()) {
                throw new IllegalArgumentException("not a list of entity tags: " + value);
            }
            at = between.end();
            if (at < text.length()) {
                if (!tag.region(at, text.length()).lookingAt()) {
                    throw new IllegalArgumentException("not an entity tag: " + text.substring(at));
                }
                tags.add(tag.group());
                at = tag.end();
            }
        }
        return new EntityTags(false, tags);
    }

    /** Strong comparison: whether a file with this strong tag is byte by byte one of these. */
    boolean matchStrongly(String tag) {
        return any || tags.contains(tag);
    }

    /** Weak comparison: equivalent files count as equal. */
    boolean matchWeakly(String tag) {
        return matchStrongly(tag) || tags.contains(WEAK + tag);
    }
}
