package io.chordshare.files;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.FileRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.support.ResourceRegion;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ResourceRegionHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * Puts a file into an HTTP response: whole, in ranges (RFC 9110, section 14), or not at all when the client has it already
 * (section 13). What users gave is served so that it cannot run as script of this node.
 */
final class FileResponse {

    /** Users' bytes get an origin of their own and no rights, whatever they are. */
    private static final String SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self';"
            + " style-src 'unsafe-inline'";

    private final FileService files;

    FileResponse(FileService files) {
        this.files = files;
    }

    void answer(FileService.Readable file, boolean download, boolean head, HttpServletRequest request,
                HttpServletResponse response) throws IOException {
        FileRecord record = file.record();
        describe(record, download, response);
        // Spring looks at If-Match for unsafe methods only
        new Condition(UploadHeaders.condition(request).ifMatch(), List.of()).check(Optional.of(record));
        if ("*".equals(request.getHeader(HttpHeaders.IF_NONE_MATCH)) && request.getHeader(HttpHeaders.IF_MATCH) == null) {
            // Spring leaves * out for safe methods; RFC 9110, section 13.1.2 does not
            response.setHeader(HttpHeaders.ETAG, Condition.etag(record));
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        ServletWebRequest web = new ServletWebRequest(request, response);
        if (web.checkNotModified(Condition.etag(record), record.modified().toEpochMilli())) {
            if (response.getStatus() == HttpStatus.PRECONDITION_FAILED.value()) {
                throw new ChordshareException(ProblemType.PRECONDITION_FAILED,
                        "The file is " + Condition.etag(record) + " now. Read it again and decide anew");
            }
            return;
        }
        // a range is defined for GET only
        Optional<List<HttpRange>> ranges = head ? Optional.empty() : ranges(record, request);
        if (ranges.isEmpty()) {
            whole(file, head, response);
        } else {
            parts(file, satisfiable(ranges.get(), record, response), response);
        }
    }

    private static void describe(FileRecord record, boolean download, HttpServletResponse response) {
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

    private void whole(FileService.Readable file, boolean head, HttpServletResponse response) throws IOException {
        FileRecord record = file.record();
        if (head) {
            response.setContentType(record.contentType());
            response.setContentLengthLong(record.size());
            return;
        }
        try (FileStream stream = files.open(file, 0)) {
            response.setContentType(record.contentType());
            response.setContentLengthLong(record.size());
            stream.transferTo(response.getOutputStream());
        }
    }

    private void parts(FileService.Readable file, List<HttpRange> ranges, HttpServletResponse response)
            throws IOException {
        FileRecord record = file.record();
        FileResource resource = new FileResource(files, file);
        List<ResourceRegion> regions = HttpRange.toResourceRegions(ranges, resource);
        files.open(file, regions.getFirst().getPosition()).close();
        response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
        ServletServerHttpResponse output = new ServletServerHttpResponse(response);
        MediaType type = MediaType.parseMediaType(record.contentType());
        new ResourceRegionHttpMessageConverter().write(regions.size() == 1 ? regions.getFirst() : regions, type,
                output);
        output.flush();
    }

    /** Empty when the whole file is meant: no range, one that cannot be read, or one for a file that is no more. */
    private static Optional<List<HttpRange>> ranges(FileRecord record, HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.RANGE);
        if (header == null || !ifRangeHolds(record, request)) {
            return Optional.empty();
        }
        try {
            List<HttpRange> ranges = HttpRange.parseRanges(header);
            return ranges.isEmpty() ? Optional.empty() : Optional.of(ranges);
        } catch (IllegalArgumentException e) {
            // RFC 9110, section 14.2: a Range that is not understood is ignored
            return Optional.empty();
        }
    }

    private static boolean ifRangeHolds(FileRecord record, HttpServletRequest request) {
        @Nullable String condition = request.getHeader(HttpHeaders.IF_RANGE);
        if (condition == null) {
            return true;
        }
        if (condition.startsWith("\"") || condition.startsWith("W/")) {
            return condition.equals(Condition.etag(record));
        }
        try {
            return request.getDateHeader(HttpHeaders.IF_RANGE) / 1000 == record.modified().getEpochSecond();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<HttpRange> satisfiable(List<HttpRange> ranges, FileRecord record,
                                               HttpServletResponse response) {
        long size = record.size();
        List<HttpRange> satisfiable = ranges.stream()
                .filter(range -> size > 0 && range.getRangeStart(size) < size).toList();
        long sum = satisfiable.stream()
                .mapToLong(range -> range.getRangeEnd(size) - range.getRangeStart(size) + 1).sum();
        if (satisfiable.isEmpty()) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
            throw new ChordshareException(ProblemType.UNSATISFIABLE_RANGE,
                    "The file has " + size + " bytes, counted from 0. Ask for a range within them");
        }
        // overlapping ranges that add up to more than the file are a way to make work, not to read
        return satisfiable.size() > 1 && sum >= size ? List.of(HttpRange.createByteRange(0, size - 1)) : satisfiable;
    }
}
