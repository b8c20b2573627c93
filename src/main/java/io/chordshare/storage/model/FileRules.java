package io.chordshare.storage.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules for a file's name, type and time. They are the same for what a user sends, what a peer sends and what is
 * read from the disk. The constructor of a record or an index entry throws {@link IllegalArgumentException} when a rule
 * is broken.
 */
public final class FileRules {

    /** Longest name in bytes of UTF-8: long enough for deep folders, short enough for a request's first line. */
    public static final int MAX_NAME_BYTES = 1024;
    /** Longest media type in characters, with its parameters. Short enough for 500 index entries in one message. */
    static final int MAX_MEDIA_TYPE = 1024;

    private static final String TOKEN = "[0-9A-Za-z!#$%&'+.^_`|~-]+";
    /** RFC 9110, section 8.3.1, without wildcards; a quoted string has no control characters. */
    private static final Pattern MEDIA_TYPE = Pattern.compile(TOKEN + "/" + TOKEN
            + "(?:[ \\t]*;[ \\t]*" + TOKEN + "=(?:" + TOKEN + "|\"(?:[^\"\\\\\\p{Cntrl}]|\\\\[^\\p{Cntrl}])*+\"))*+");
    /** The latest time that HTTP can express. */
    private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final int KEY_DIGITS = 40;
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{" + KEY_DIGITS + "}");

    private FileRules() {}

    /** Explains what is wrong with a name and what to do about it; empty when the name is valid. */
    public static Optional<String> problemOfName(String name) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            return Optional.of("The name is not valid UTF-8: encode it as UTF-8 (and then, in an address, with percent"
                    + " signs).");
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0) {
            return Optional.of("The name is empty: give at least one character.");
        }
        if (length > MAX_NAME_BYTES) {
            return Optional.of("The name has " + length + " bytes of UTF-8: give one of at most " + MAX_NAME_BYTES
                    + ".");
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            return Optional.of("The name is not in Unicode normalization form C: normalize it.");
        }
        return name.chars().filter(Character::isISOControl).mapToObj(
                "The name has the control character U+%04X in it: leave it out."::formatted).findFirst()
                .or(() -> problemOfSegments(name));
    }

    private static Optional<String> problemOfSegments(String name) {
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty()) {
                return Optional.of("The name starts or ends with \"/\" or has two of them in a row: separate segments"
                        + " by a single \"/\".");
            }
            if (segment.equals(".") || segment.equals("..")) {
                return Optional.of("The name has the segment \"" + segment + "\", which has a special meaning in"
                        + " paths: leave it out.");
            }
        }
        return Optional.empty();
    }

    /** The position of a name on the ring: the first 160 bits of the SHA-256 of its UTF-8, as 40 hex digits. */
    public static String keyOf(String name) {
        return Sha256.of(name.getBytes(StandardCharsets.UTF_8)).toString().substring(0, KEY_DIGITS);
    }

    /**
     * Checks the text form of a position on the ring.
     *
     * @throws IllegalArgumentException unless the text has 40 lower-case hex digits
     */
    public static String checkKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("a key has " + KEY_DIGITS + " lower-case hex digits");
        }
        return key;
    }

    public static boolean isMediaType(String text) {
        return text.length() <= MAX_MEDIA_TYPE && MEDIA_TYPE.matcher(text).matches();
    }

    /** The checks that a record and its index entry have in common. */
    static void check(String key, String name, Version version, boolean deleted, long size, Sha256 sha256,
                      String contentType, Instant modified, Copies copies) {
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(copies, "copies");
        Optional<String> problem = problemOfName(name);
        require(problem.isEmpty(), problem.orElse(""));
        require(keyOf(name).equals(key), "the key of a file is the hash of its name");
        require(version.isOfAFile(), "a file's version has a counter of 1 or more, and one more must fit");
        require(size >= 0 && size <= Content.MAX_FILE_BYTES, "a file has 0 to " + Content.MAX_FILE_BYTES + " bytes");
        require(!deleted || size == 0, "a deleted file has no bytes");
        require(isMediaType(contentType), "the content type is not a media type of at most " + MAX_MEDIA_TYPE
                + " characters");
        require(!modified.isBefore(Instant.EPOCH) && !modified.isAfter(LAST_MOMENT), "a file's time is 1970 to 9999");
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
