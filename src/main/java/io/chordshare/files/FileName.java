package io.chordshare.files;

import io.chordshare.storage.model.FileRules;
import java.text.Normalizer;

/**
 * The name of a file: 1 to {@value #MAX_BYTES} bytes of UTF-8 in Unicode normalization form C. So a name typed on a Mac
 * and the same name typed elsewhere are one file. {@code /} separates segments. A name is a key, never a path on a
 * disk. Still, the segments {@code .} and {@code ..} are refused, because browsers, proxies and archive tools would
 * treat them as a path.
 *
 * @param value normalized and checked by the constructor
 */
public record FileName(String value) {

    /** Longest name in bytes of UTF-8. */
    public static final int MAX_BYTES = FileRules.MAX_NAME_BYTES;

    /** @throws InvalidNameException as {@link #of} */
    public FileName {
        // An unpaired surrogate is not a character: normalization leaves it, and the check refuses it
        value = Normalizer.normalize(value, Normalizer.Form.NFC);
        FileRules.problemOfName(value).ifPresent(problem -> {
            throw new InvalidNameException(problem);
        });
    }

    /**
     * A name that is already decoded, such as one from a multipart body.
     *
     * @throws InvalidNameException if the text is not a valid name
     */
    public static FileName of(String text) {
        return new FileName(text);
    }

    /**
     * The name in a request URI: everything after {@code prefix}, percent-decoded once as strict UTF-8.
     *
     * @param rawRequestUri the path as the client sent it, from {@code HttpServletRequest.getRequestURI()}
     * @param prefix the part before the name, such as {@code /files/}
     * @throws InvalidNameException if there is no valid name
     */
    public static FileName fromRequestUri(String rawRequestUri, String prefix) {
        if (!rawRequestUri.startsWith(prefix)) {
            // For example /%66iles/a or /files;x/a: the server maps both to the same handler, but the start of the name
            // is unclear
            throw new InvalidNameException("Write the address exactly as " + prefix + " followed by the name.");
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
