package io.chordshare.files;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * The name of a file in the network: 1 to {@value #MAX_BYTES} bytes of UTF-8 in Unicode's normal form C, so that a name typed
 * on a Mac and the same name typed elsewhere are one file. Segments are divided by {@code /}. A name is a key and never a path
 * on a disk; the segments {@code .} and {@code ..} are refused all the same, because browsers, proxies and unpackers on the
 * way to its users would take them for a path.
 *
 * @param value normalised and checked when the record is made
 */
public record FileName(String value) {

    /** Longest name in bytes of UTF-8: long enough for deep folders, short enough for a request's first line. */
    public static final int MAX_BYTES = 1024;


    /** @throws InvalidNameException as {@link #of} */
    public FileName {
        requireWholeCharacters(value);
        value = Normalizer.normalize(value, Normalizer.Form.NFC);
        requireLength(value);
        requireNoControlCharacters(value);
        requireSegments(value);
    }

    /**
     * A name that is already decoded, such as one from a multipart body.
     *
     * @throws InvalidNameException if the text cannot be a name
     */
    public static FileName of(String text) {
        return new FileName(text);
    }

    /**
     * The name in a request's address: all that comes after {@code prefix}, percent-decoded once as strict UTF-8.
     *
     * @param rawRequestUri the path as the client sent it, as {@code HttpServletRequest.getRequestURI()} gives it
     * @param prefix        where the name starts, such as {@code /files/}
     * @throws InvalidNameException if there is no valid name there
     */
    public static FileName fromRequestUri(String rawRequestUri, String prefix) {
        if (!rawRequestUri.startsWith(prefix)) {
            // such as /%66iles/a or /files;x/a: the server maps both to the same handler, but where would the name start?
            throw new InvalidNameException("Write the address exactly as " + prefix + " and then the name.");
        }
        return of(percentDecoded(rawRequestUri, prefix.length()));
    }

    private static String percentDecoded(String uri, int start) {
        try {
            return PercentEncoding.decode(uri.substring(start));
        } catch (IllegalArgumentException e) {
            throw new InvalidNameException(String.valueOf(e.getMessage()));
        }
    }

    private static void requireWholeCharacters(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new InvalidNameException("The name is not valid UTF-8: encode it as UTF-8 (and then, in an address, with"
                    + " percent signs).");
        }
    }

    private static void requireLength(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0) {
            throw new InvalidNameException("The name is empty: give at least one character.");
        }
        if (length > MAX_BYTES) {
            throw new InvalidNameException("The name has " + length + " bytes of UTF-8: give one of at most "
                    + MAX_BYTES + ".");
        }
    }

    private static void requireNoControlCharacters(String name) {
        name.chars().filter(Character::isISOControl).findFirst().ifPresent(control -> {
            throw new InvalidNameException(
                    "The name has the control character U+%04X in it: leave it out.".formatted(control));
        });
    }

    private static void requireSegments(String name) {
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty()) {
                throw new InvalidNameException("The name starts or ends with \"/\" or has two of them in a row:"
                        + " divide its segments by single ones.");
            }
            if (segment.equals(".") || segment.equals("..")) {
                throw new InvalidNameException("The name has the segment \"" + segment + "\", which would be taken for a"
                        + " step in a path: leave it out.");
            }
        }
    }
}
