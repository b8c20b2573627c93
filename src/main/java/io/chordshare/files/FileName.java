package io.chordshare.files;

import io.chordshare.storage.model.FileRules;
import java.text.Normalizer;

/**
 * The name of a file in the network: 1 to {@value #MAX_BYTES} bytes of UTF-8 in Unicode's normal form C, so that a name
 * typed on a Mac and the same name typed elsewhere are one file. Segments are divided by {@code /}. A name is a key and
 * never a path on a disk; the segments {@code .} and {@code ..} are refused all the same, because browsers, proxies and
 * unpackers on the way to its users would take them for a path.
 *
 * @param value normalised and checked when the record is made
 */
public record FileName(String value) {

    /** Longest name in bytes of UTF-8. */
    public static final int MAX_BYTES = FileRules.MAX_NAME_BYTES;

    /** @throws InvalidNameException as {@link #of} */
    public FileName {
        // an unpaired surrogate is no character: there is no other form of it
        value = Normalizer.normalize(value, Normalizer.Form.NFC);
        FileRules.problemOfName(value).ifPresent(problem -> {
            throw new InvalidNameException(problem);
        });
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
            // such as /%66iles/a or /files;x/a: the server maps both to the same handler, but where would the name
            // start?
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
}
