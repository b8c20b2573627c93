package io.chordshare.files.http;

import io.chordshare.files.Uploads;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRules;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

/** Reads the headers of an upload. None of them changes how the body is read. */
final class UploadHeaders {

    private UploadHeaders() {}

    static Uploads.Request read(HttpServletRequest request, String name, Copies copies, Instant now) {
        requireWholeFile(request);
        return new Uploads.Request(copies, contentType(request.getContentType(), name),
                request.getContentLengthLong(), DigestHeaders.of(request), ConditionHeaders.of(request, now));
    }

    /** The content type to store: the sent one, if it describes the file and not the way it was sent. */
    static String contentType(@Nullable String given, String name) {
        if (given != null) {
            try {
                MediaType type = MediaType.parseMediaType(given);
                boolean ofTheForm = type.getType().equals("multipart")
                        || MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(type);
                boolean kept = !ofTheForm && FileRules.isMediaType(type.toString());
                return kept ? type.toString() : MediaType.APPLICATION_OCTET_STREAM_VALUE;
            } catch (InvalidMediaTypeException e) {
                return MediaType.APPLICATION_OCTET_STREAM_VALUE;
            }
        }
        return MediaTypeFactory.getMediaType(name).orElse(MediaType.APPLICATION_OCTET_STREAM).toString();
    }

    static Copies copies(List<String> values, Copies usual) {
        if (values.isEmpty()) {
            return usual;
        }
        try {
            return Copies.parse(values.getLast());
        } catch (IllegalArgumentException e) {
            throw new ChordshareException(ProblemType.INVALID_COPIES,
                    "copies must be \"all\" or a number of at least 1", e);
        }
    }

    private static void requireWholeFile(HttpServletRequest request) {
        if (request.getHeader(HttpHeaders.CONTENT_RANGE) != null) {
            throw new ChordshareException(ProblemType.CONTENT_RANGE,
                    "Content-Range is not supported: send the whole file in one request");
        }
        String encodings = FieldLines.combined(request, HttpHeaders.CONTENT_ENCODING).orElse("");
        if (!Arrays.stream(encodings.split(",")).map(String::strip)
                .allMatch(coding -> coding.isEmpty() || coding.equalsIgnoreCase("identity"))) {
            throw new ChordshareException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Files are stored as they are sent:"
                    + " send this one without Content-Encoding, or give it a name such as .gz");
        }
    }
}
