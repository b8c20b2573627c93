package io.chordshare.files;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.Copies;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.fileupload2.core.FileItem;
import org.apache.commons.fileupload2.core.FileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/** Takes in the files of a form as they arrive, one after the other, without keeping any of it on the way. */
final class MultipartUploads {

    private static final String PART = "file";
    /** Parts of one form: a whole folder dropped into a browser. */
    private static final int MAX_PARTS = 10_000;
    /** Headers of one part: a name of 1,024 bytes, percent-encoded by some browsers, and the rest. */
    private static final int MAX_PART_HEADER_BYTES = 8 * 1024;

    private final FileService files;

    MultipartUploads(FileService files) {
        this.files = files;
    }

    /** The form, for the API's description. */
    static final class Form {

        @Schema(type = "array", format = "binary", description = "One or several files")
        public List<String> file = List.of();
    }

    /**
     * What became of one part.
     *
     * @param status the HTTP status that a PUT of the same file would have had
     * @param file   its description when it was stored
     * @param problem why it was not
     */
    record PartResult(String name, int status, @Nullable FileDescription file, @Nullable ProblemDetail problem) {}

    /** One for each part, in order. */
    record Results(List<PartResult> results) {

        boolean allStored() {
            return results.stream().allMatch(result -> result.problem() == null);
        }
    }

    Results upload(HttpServletRequest request, Copies copies) throws IOException {
        List<PartResult> results = new ArrayList<>();
        try {
            FileItemInputIterator parts = parser().getItemIterator(request);
            while (parts.hasNext()) {
                FileItemInput part = parts.next();
                if (!part.isFormField() && PART.equals(part.getFieldName())) {
                    results.add(take(part, copies));
                }
            }
        } catch (FileUploadException e) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    "The form cannot be read. Send multipart/form-data with a boundary, and at most " + MAX_PARTS
                            + " parts; what was stored before the mistake stays", e);
        }
        if (results.isEmpty()) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    "The form has no part named \"file\" with a file name");
        }
        return new Results(results);
    }

    private PartResult take(FileItemInput part, Copies copies) throws IOException {
        String given = part.getName() == null ? "" : part.getName();
        try {
            FileName name = FileName.of(given);
            Uploads.Result result = files.upload(name, part.getInputStream(), new Uploads.Request(copies,
                    UploadHeaders.contentType(part.getContentType(), name.value()), -1, ExpectedDigests.NONE,
                    Condition.NONE));
            return new PartResult(name.value(), result.created() ? 201 : 200,
                    files.describe(result.record().entry()), null);
        } catch (InvalidNameException e) {
            return refused(given, ProblemType.INVALID_NAME, e.getMessage());
        } catch (ChordshareException e) {
            return refused(given, e.type(), e.detail());
        }
    }

    private static PartResult refused(String name, ProblemType type, @Nullable String detail) {
        return new PartResult(name, type.status(), null, type.toProblem(String.valueOf(detail)));
    }

    /** Reads parts as streams only, so there is nothing that would make items of them. */
    private static <I extends FileItem<I>> JakartaServletFileUpload<I, FileItemFactory<I>> parser() {
        JakartaServletFileUpload<I, FileItemFactory<I>> parser = new JakartaServletFileUpload<>();
        parser.setMaxFileCount(MAX_PARTS);
        parser.setMaxPartHeaderSize(MAX_PART_HEADER_BYTES);
        parser.setHeaderCharset(StandardCharsets.UTF_8);
        return parser;
    }
}
