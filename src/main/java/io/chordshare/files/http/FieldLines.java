package io.chordshare.files.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Optional;

/**
 * Header fields as RFC 9110, section 5.3, has them: the lines of one name are one value, joined by commas in their
 * order.
 */
public final class FieldLines {

    private FieldLines() {}

    /** The value of all lines of this name; empty when there is none. */
    static Optional<String> combined(HttpServletRequest request, String name) {
        var lines = Collections.list(request.getHeaders(name));
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }
}
