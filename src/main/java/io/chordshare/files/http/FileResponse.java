package io.chordshare.files.http;

import io.chordshare.files.Condition;
import io.chordshare.files.FileService;
import io.chordshare.files.FileStream;
import io.chordshare.files.Modified;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.model.FileRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.core.io.support.ResourceRegion;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ResourceRegionHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;

/**
 * Writes a file as an HTTP response: whole, in ranges (RFC 9110, section 14), or without a body when the client already
 * has it (section 13). Content from users is served so that it cannot run as a script of this node.
 */
final class FileResponse {

    /** Content from users gets its own origin and no permissions, whatever its type. */
    private static final String SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self';"
            + " style-src 'unsafe-inline'; frame-ancestors 'none'";

    private final FileService files;

    FileResponse(FileService files) {
        this.files = files;
    }

    void answer(FileService.Readable file, boolean download, boolean head, HttpServletRequest request,
                HttpServletResponse response) throws IOException {
        FileRecord record = file.record();
        Instant now = files.now();
        describe(record, now, download, response);
        if (ConditionHeaders.of(request, now).checkForReading(record, now) == Condition.Outcome.NOT_MODIFIED) {
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        // Ranges are defined for GET only
        Optional<ByteRanges> ranges = head ? Optional.empty() : ranges(record, now, request);
        if (ranges.isEmpty()) {
            whole(file, head, response);
        } else {
            parts(file, satisfiable(ranges.get(), record, response), response);
        }
    }

    private static void describe(FileRecord record, Instant now, boolean download, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, Condition.etag(record));
        response.setHeader(HttpHeaders.LAST_MODIFIED, HttpDate.format(Modified.of(record).shown(now)));
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        response.setHeader("Repr-Digest",
                "sha-256=:" + Base64.getEncoder().encodeToString(record.sha256().toBytes()) + ":");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.setHeader("Content-Security-Policy", SANDBOX);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (download) {
            String name = record.name().substring(record.name().lastIndexOf('/') + 1);
            response.setHeader(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment()
                    .filename(name, StandardCharsets.UTF_8).build().toString());
        }
    }

    /** Applies the rules of uploads again: another version may have stored the record. */
    private static String contentType(FileRecord record) {
        return UploadHeaders.contentType(record.contentType(), record.name());
    }

    private void whole(FileService.Readable file, boolean head, HttpServletResponse response) throws IOException {
        FileRecord record = file.record();
        if (head) {
            response.setContentType(contentType(record));
            response.setContentLengthLong(record.size());
            return;
        }
        try (FileStream stream = files.open(file, 0)) {
            response.setContentType(contentType(record));
            response.setContentLengthLong(record.size());
            stream.transferTo(response.getOutputStream());
        }
    }

    private void parts(FileService.Readable file, List<ByteRanges.Slice> slices, HttpServletResponse response)
            throws IOException {
        FileRecord record = file.record();
        FileResource resource = new FileResource(files, file);
        List<ResourceRegion> regions = slices.stream()
                .map(slice -> new ResourceRegion(resource, slice.position(), slice.count())).toList();
        files.open(file, slices.getFirst().position()).close();
        response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
        ServletServerHttpResponse output = new ServletServerHttpResponse(response);
        MediaType type = MediaType.parseMediaType(contentType(record));
        new ResourceRegionHttpMessageConverter().write(regions.size() == 1 ? regions.getFirst() : regions, type,
                output);
        output.flush();
    }

    /** Empty when the whole file is meant: no range, an unreadable range, or a range of an older version. */
    private static Optional<ByteRanges> ranges(FileRecord record, Instant now, HttpServletRequest request) {
        return FieldLines.combined(request, HttpHeaders.RANGE).flatMap(ByteRanges::parse)
                .filter(ranges -> !ranges.areAllOfNothing(record.size()) && ifRangeHolds(record, now, request));
    }

    /** RFC 9110, section 13.1.5: a range continues only the same version, so tags and dates are compared strongly. */
    private static boolean ifRangeHolds(FileRecord record, Instant now, HttpServletRequest request) {
        return FieldLines.combined(request, HttpHeaders.IF_RANGE).map(String::strip)
                .map(value -> value.equals(Condition.etag(record))
                        || HttpDate.parse(value, now).filter(date -> Modified.of(record).is(date, now)).isPresent())
                .orElse(true);
    }

    private static List<ByteRanges.Slice> satisfiable(ByteRanges ranges, FileRecord record,
                                                      HttpServletResponse response) {
        List<ByteRanges.Slice> slices = ranges.within(record.size());
        if (slices.isEmpty()) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + record.size());
            throw new ChordshareException(ProblemType.UNSATISFIABLE_RANGE,
                    "The file has " + record.size() + " bytes, counted from 0. Ask for a range within them");
        }
        return slices;
    }
}
