package io.chordshare.files.http;

import io.chordshare.files.Condition;
import io.chordshare.files.FileDescription;
import io.chordshare.files.FileException;
import io.chordshare.files.FileName;
import io.chordshare.files.FileService;
import io.chordshare.files.Locations;
import io.chordshare.files.Uploads;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.replication.FilesSettings;
import io.chordshare.storage.model.Copies;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/**
 * Files over HTTP. Names come from the raw request URI, bodies from the raw stream. Never ask for a parameter of a PUT
 * here: the container would read the body as a form.
 */
@RestController
@Tag(name = "Files", description = "Upload, download, delete, list; at any node")
class FilesController {

    private static final String FILES = "/files/";
    private static final String LOCATIONS = "/locations/";
    private static final String DEFAULT_PAGE = "100";
    /** The file that the example of an upload creates and the other examples use. */
    private static final String EXAMPLE = "reports/2026/q3.txt";

    private final FileService files;
    private final Locations locations;
    private final FilesSettings settings;
    private final FileResponse responses;
    private final MultipartUploads multipart;

    FilesController(FileService files, Locations locations, FilesSettings settings) {
        this.files = files;
        this.locations = locations;
        this.settings = settings;
        this.responses = new FileResponse(files);
        this.multipart = new MultipartUploads(files);
    }

    @Operation(summary = "Upload a file",
            description = "The body is the raw file, of any size and content type. The response comes once a majority"
                    + " of the nodes that are responsible for the name has stored it durably.",
            parameters = {
                @Parameter(name = "name", in = ParameterIn.PATH, example = EXAMPLE,
                        description = "1 to 1,024 bytes of UTF-8; may contain /"),
                @Parameter(name = "copies", in = ParameterIn.QUERY, example = "all",
                        description = "all, or a number of at least 1: the owner and the nodes after it"),
                @Parameter(name = "If-Match", in = ParameterIn.HEADER, description = "Only if the file has this ETag"),
                @Parameter(name = "If-Unmodified-Since", in = ParameterIn.HEADER),
                @Parameter(name = "If-None-Match", in = ParameterIn.HEADER,
                        description = "*: only if there is no such file"),
                @Parameter(name = "Content-Digest", in = ParameterIn.HEADER,
                        description = "sha-256=:…: or sha-512=:…:, or both (RFC 9530). Also accepted as"
                                + " Repr-Digest. All are checked before anything is stored")},
            requestBody = @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
                    content = {
                        @Content(mediaType = "text/plain",
                                schema = @Schema(type = "string", example = "Revenue went up.")),
                        @Content(mediaType = "application/octet-stream",
                                schema = @Schema(type = "string", format = "binary"))}))
    @ApiResponse(responseCode = "201", description = "Stored; there was no such file",
            content = @Content(schema = @Schema(implementation = FileDescription.class)))
    @ApiResponse(responseCode = "200", description = "Replaced",
            content = @Content(schema = @Schema(implementation = FileDescription.class)))
    @PutMapping("/files/{*name}")
    ResponseEntity<FileDescription> put(@Parameter(hidden = true) HttpServletRequest request) throws IOException {
        FileName name = name(request, FILES);
        Copies copies = UploadHeaders.copies(Query.of(request).all("copies"), settings.copies());
        Uploads.Request described = UploadHeaders.read(request, name.value(), copies, files.now());
        UploadBody body = new UploadBody(request.getInputStream());
        Uploads.Result result;
        try {
            result = files.upload(name, body, described);
        } catch (FileException e) {
            body.drain();
            throw e;
        }
        return ResponseEntity.status(result.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .eTag(Condition.etag(result.record())).location(location(name))
                .body(files.describe(result.record().entry()));
    }

    @Operation(summary = "Upload files from a form",
            description = "Each part named \"file\" becomes a file. Its name is the part's file name, with relative"
                    + " folders.",
            parameters = @Parameter(name = "copies", in = ParameterIn.QUERY, example = "all"),
            requestBody = @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
                    content = @Content(mediaType = "multipart/form-data",
                            schema = @Schema(implementation = MultipartUploads.Form.class))))
    @ApiResponse(responseCode = "201", description = "All were stored; one result per part")
    @ApiResponse(responseCode = "207", description = "Some were refused; one result per part")
    @PostMapping(path = {"/files", FILES}, consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<MultipartUploads.Results> post(@Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        Copies copies = UploadHeaders.copies(Query.of(request).all("copies"), settings.copies());
        MultipartUploads.Results results = multipart.upload(request, copies);
        return ResponseEntity.status(results.allStored() ? HttpStatus.CREATED : HttpStatus.MULTI_STATUS).body(results);
    }

    @Operation(summary = "Download a file",
            parameters = {
                @Parameter(name = "name", in = ParameterIn.PATH, example = EXAMPLE),
                @Parameter(name = "download", in = ParameterIn.QUERY, allowEmptyValue = true,
                        description = "The browser saves the file instead of showing it"),
                @Parameter(name = "consistency", in = ParameterIn.QUERY, example = "any",
                        description = "any: one copy is enough, even if another node has a newer version"),
                @Parameter(name = "Range", in = ParameterIn.HEADER,
                        description = "One or more ranges, such as bytes=0-1023"),
                @Parameter(name = "If-Range", in = ParameterIn.HEADER,
                        description = "Return the range only if the file still has this ETag; else the whole file"),
                @Parameter(name = "If-Match", in = ParameterIn.HEADER),
                @Parameter(name = "If-Unmodified-Since", in = ParameterIn.HEADER),
                @Parameter(name = "If-None-Match", in = ParameterIn.HEADER),
                @Parameter(name = "If-Modified-Since", in = ParameterIn.HEADER)})
    @ApiResponse(responseCode = "200", description = "The file", content = @Content(mediaType = "*/*",
            schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "206", description = "The requested ranges")
    @ApiResponse(responseCode = "304", description = "The client has it already")
    @ApiResponse(responseCode = "416", description = "The file has no such range")
    @GetMapping("/files/{*name}")
    void get(@Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request, response, false);
    }

    @Operation(summary = "The headers of a download",
            parameters = {
                @Parameter(name = "name", in = ParameterIn.PATH, example = EXAMPLE),
                @Parameter(name = "If-Match", in = ParameterIn.HEADER),
                @Parameter(name = "If-Unmodified-Since", in = ParameterIn.HEADER),
                @Parameter(name = "If-None-Match", in = ParameterIn.HEADER),
                @Parameter(name = "If-Modified-Since", in = ParameterIn.HEADER)})
    @ApiResponse(responseCode = "200", description = "The headers of a download")
    @ApiResponse(responseCode = "304", description = "The client has it already")
    @RequestMapping(method = RequestMethod.HEAD, path = "/files/{*name}")
    void head(@Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request, response, true);
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, boolean head) throws IOException {
        FileName name = name(request, FILES);
        Query query = Query.of(request);
        boolean any = switch (query.last("consistency", "")) {
            case "" -> false;
            case "any" -> true;
            default -> throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    "consistency can only be \"any\". Leave it out for the newest version");
        };
        responses.answer(files.find(name, any), query.has("download"), head, request, response);
    }

    @Operation(summary = "Delete a file",
            parameters = {
                @Parameter(name = "name", in = ParameterIn.PATH, example = EXAMPLE),
                @Parameter(name = "If-Match", in = ParameterIn.HEADER, description = "Only if the file has this ETag"),
                @Parameter(name = "If-Unmodified-Since", in = ParameterIn.HEADER)})
    @ApiResponse(responseCode = "204", description = "Deleted")
    @DeleteMapping("/files/{*name}")
    ResponseEntity<Void> delete(@Parameter(hidden = true) HttpServletRequest request) {
        files.delete(name(request, FILES), ConditionHeaders.of(request, files.now()));
        return ResponseEntity.noContent().build();
    }

    @Operation(summary = "List all files in order of name")
    @GetMapping({"/files", FILES})
    FileService.Page list(
            @RequestParam(defaultValue = "") @Parameter(description = "Only names that start with this") String prefix,
            @RequestParam(defaultValue = DEFAULT_PAGE)
            @Parameter(description = "Names on this page: 1 to 1,000") int limit,
            @RequestParam(required = false)
            @Parameter(description = "Only names after this one: \"next\" of the previous page") @Nullable String after,
            @RequestParam(defaultValue = "")
            @Parameter(description =
                    "With / only the files directly in the folder are listed. Each subfolder is listed once, under"
                    + " \"folders\"") String delimiter) {
        if (limit < 1 || limit > FileService.MAX_PAGE) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    "limit must be 1 to " + FileService.MAX_PAGE);
        }
        return switch (delimiter) {
            case "" -> files.list(prefix, after, limit);
            case FileService.FOLDER_END -> files.listFolder(prefix, after, limit);
            default -> throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    "delimiter can only be \"/\". Leave it out for a list without folders");
        };
    }

    @Operation(summary = "Where a file's copies are",
            parameters = @Parameter(name = "name", in = ParameterIn.PATH, example = EXAMPLE))
    @GetMapping("/locations/{*name}")
    Locations.Location locations(@Parameter(hidden = true) HttpServletRequest request) {
        return locations.of(name(request, LOCATIONS));
    }

    private static FileName name(HttpServletRequest request, String prefix) {
        return FileName.fromRequestUri(request.getRequestURI(), prefix);
    }

    private static URI location(FileName name) {
        return URI.create(FILES + UriUtils.encodePath(name.value(), StandardCharsets.UTF_8));
    }
}
