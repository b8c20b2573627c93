package io.chordshare.files.http;

import io.chordshare.files.Condition;
import io.chordshare.files.ExpectedDigests;
import io.chordshare.files.FileDescription;
import io.chordshare.files.FileException;
import io.chordshare.files.FileName;
import io.chordshare.files.FileService;
import io.chordshare.files.InvalidNameException;
import io.chordshare.files.Uploads;
import io.chordshare.files.http.FormReader.MalformedFormException;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Copies;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/**
 * Stores the files of a form as they arrive, one after the other, without buffering the form. Each part has its own
 * result: a part that cannot be stored does not affect the others.
 */
final class MultipartUploads {

    /**
     * Parts of one form, fields included. The response has a result for each part, which is kept in memory until the
     * form ends.
     */
    static final int MAX_PARTS = 1_000;

    private static final String PART = "file";
    /** How much of an invalid name the result repeats. */
    private static final int MAX_REPEATED_CHARS = FileName.MAX_BYTES;
    private static final Set<String> IDENTITY_ENCODINGS = Set.of("7bit", "8bit", "binary");

    private final FileService files;

    MultipartUploads(FileService files) {
        this.files = files;
    }

    /** The form, for the API description. */
    static final class Form {

        @Schema(type = "array", format = "binary", description = "One or several files")
        public List<String> file = List.of();
    }

    /**
     * The result of one part.
     *
     * @param status the HTTP status that a PUT of the same file would have
     * @param file the description of the stored file, or null
     * @param problem why the part was refused, or null
     */
    record PartResult(String name, int status, @Nullable FileDescription file, @Nullable ProblemDetail problem) {}

    /** One result per part, in order. */
    record Results(List<PartResult> results) {

        boolean allStored() {
            return results.stream().allMatch(result -> result.problem() == null);
        }
    }

    Results upload(HttpServletRequest request, Copies copies) throws IOException {
        String boundary = boundary(request.getContentType());
        UploadBody body = new UploadBody(request.getInputStream());
        try {
            return read(new FormReader(body, boundary), copies);
        } catch (ChordshareException | FileException e) {
            body.drain();
            throw e;
        }
    }

    private static String boundary(@Nullable String contentType) {
        try {
            String boundary = contentType == null ? null : MediaType.parseMediaType(contentType)
                    .getParameter("boundary");
            if (boundary != null && boundary.startsWith("\"")) {
                boundary = boundary.substring(1, boundary.length() - 1);
            }
            if (boundary != null && !boundary.isEmpty() && boundary.length() <= FormReader.MAX_BOUNDARY_BYTES) {
                return boundary;
            }
        } catch (InvalidMediaTypeException e) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST, "The Content-Type is invalid", e);
        }
        throw new ChordshareException(ProblemType.INVALID_REQUEST, "Send multipart/form-data with a boundary of 1 to "
                + FormReader.MAX_BOUNDARY_BYTES + " characters");
    }

    private Results read(FormReader form, Copies copies) throws IOException {
        List<PartResult> results = new ArrayList<>();
        String current = "";
        try {
            for (int parts = 0; form.next(); parts++) {
                if (parts == MAX_PARTS) {
                    throw tooManyParts(results);
                }
                PartHeaders headers = form.headers();
                if (isFile(headers)) {
                    current = Objects.requireNonNullElse(headers.fileName(), "");
                    results.add(take(current, headers, form, copies));
                    current = "";
                }
            }
        } catch (MalformedFormException e) {
            if (results.isEmpty()) {
                throw new ChordshareException(ProblemType.INVALID_REQUEST, "Nothing was stored: " + e.getMessage()
                        + ". Send multipart/form-data as defined in RFC 7578", e);
            }
            results.add(refused(current, ProblemType.TRUNCATED_BODY, e.getMessage()
                    + ". The results show which earlier parts are stored. Send this part and the later ones again"));
        }
        if (results.isEmpty()) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    "The form has no part named \"file\" with a file name");
        }
        return new Results(results);
    }

    /** Unreadable headers count as a file, so that the response reports them. */
    private static boolean isFile(PartHeaders headers) {
        return headers.fieldName() == null || (PART.equals(headers.fieldName()) && headers.fileName() != null);
    }

    private PartResult take(String given, PartHeaders headers, FormReader form, Copies copies) throws IOException {
        if (headers.equals(PartHeaders.TOO_LARGE)) {
            return refused(given, ProblemType.TOO_LARGE, "The headers of this part have more than "
                    + FormReader.MAX_PART_HEADER_BYTES + " bytes");
        }
        if (headers.fieldName() == null) {
            return refused(given, ProblemType.INVALID_REQUEST,
                    "The part has no Content-Disposition: form-data with a name");
        }
        if (!headers.readable()) {
            return refused(given, ProblemType.INVALID_NAME, "The headers of this part are not UTF-8");
        }
        if (!isSentAsItIs(headers.transferEncoding())) {
            return refused(given, ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Files are stored as they are sent: send this one without Content-Transfer-Encoding");
        }
        return store(given, headers, form, copies);
    }

    private PartResult store(String given, PartHeaders headers, FormReader form, Copies copies) throws IOException {
        try {
            FileName name = FileName.of(given);
            Uploads.Result result = files.upload(name, form.body(), new Uploads.Request(copies,
                    UploadHeaders.contentType(headers.contentType(), name.value()), -1, ExpectedDigests.NONE,
                    Condition.NONE));
            return new PartResult(name.value(), result.created() ? 201 : 200,
                    files.describe(result.record().entry()), null);
        } catch (InvalidNameException e) {
            return refused(given, ProblemType.INVALID_NAME, e.getMessage());
        } catch (FileException e) {
            return refused(given, FileProblems.of(e));
        } catch (ChordshareException e) {
            return refused(given, e);
        } catch (StorageException e) {
            return DiskFullException.isBehind(e)
                    ? refused(given, ProblemType.DISK_FULL, "There is no room on the disk of this node")
                    : refused(given, ProblemType.DISK_FAILED, "The disk of this node fails: use another node");
        }
    }

    private static boolean isSentAsItIs(@Nullable String transferEncoding) {
        return transferEncoding == null || IDENTITY_ENCODINGS.contains(transferEncoding.toLowerCase(Locale.ROOT));
    }

    private static ChordshareException tooManyParts(List<PartResult> results) {
        long stored = results.stream().filter(result -> result.problem() == null).count();
        return new ChordshareException(ProblemType.TOO_LARGE, "A form may have at most " + MAX_PARTS
                + " parts. Of the first " + MAX_PARTS + " parts " + stored
                + " files were stored. Send the others in more forms, or each with PUT");
    }

    private static PartResult refused(String name, ChordshareException problem) {
        return refused(name, problem.type(), problem.detail());
    }

    private static PartResult refused(String name, ProblemType type, @Nullable String detail) {
        String repeated = name.substring(0, Math.min(name.length(), MAX_REPEATED_CHARS));
        return new PartResult(repeated, type.status(), null, type.toProblem(String.valueOf(detail)));
    }
}
