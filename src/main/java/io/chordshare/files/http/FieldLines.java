package io.chordshare.files.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Optional;

/** Header fields (RFC 9110, section 5.3): several lines of the same name are one value, joined by commas in order. */
final class FieldLines {

    private FieldLines() {}

    /** The combined value of all lines of this name; empty if there is none. */
    static Optional<String> combined(HttpServletRequest request, String name) {
        var lines = Collections.list(request.getHeaders(name));
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }
}
