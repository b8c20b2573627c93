package io.chordshare.problem;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Every kind of problem that a node returns (RFC 9457). The type's URI is part of the API: programs identify problems
 * by it, so a constant is never renamed. The title is for people and is the same for every problem of a type. The
 * detail says what to do in the case at hand.
 */
public enum ProblemType {

    INVALID_NAME(400, "This is not a valid file name"),
    INVALID_REQUEST(400, "The request cannot be understood"),
    DIGEST_MISMATCH(400, "The content does not match its digest"),
    TRUNCATED_BODY(400, "The content ended too early"),
    CONTENT_RANGE(400, "A file must be uploaded as a whole"),
    INVALID_COPIES(400, "This is not a number of copies"),
    INVALID_KEY(400, "This is not a key of the ring"),
    INVALID_ADDRESS(400, "This is not the address of a node"),
    JOIN_SELF(400, "A node cannot join itself"),
    FOREIGN_ORIGIN(403, "Web pages from elsewhere may not change anything here"),
    FILE_NOT_FOUND(404, "There is no such file"),
    NOT_FOUND(404, "There is nothing at this address"),
    METHOD_NOT_ALLOWED(405, "This method is not supported here"),
    NOT_ACCEPTABLE(406, "The response does not exist in the requested format"),
    TOO_SLOW(408, "The content came too slowly"),
    ALREADY_IN_RING(409, "This node already belongs to a ring"),
    UNREACHABLE(409, "The other nodes cannot reach this one"),
    CANNOT_LEAVE(409, "This node cannot leave yet"),
    WRONG_RING(409, "These nodes belong to different rings"),
    PRECONDITION_FAILED(412, "The file is not in the expected state"),
    TOO_LARGE(413, "The content is too large"),
    URI_TOO_LONG(414, "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The format of the content is not supported here"),
    UNSATISFIABLE_RANGE(416, "The file has no such range"),
    MISDIRECTED(421, "This node does not answer for that host"),
    TOO_MANY(429, "There are too many requests"),
    HEADERS_TOO_LARGE(431, "The request's headers are too large"),
    INTERNAL(500, "Something went wrong in this node"),
    NOT_IMPLEMENTED(501, "This is not supported here"),
    PEER_FAILED(502, "Another node failed"),
    NOT_A_MEMBER(503, "This node is not a member of a ring at the moment"),
    NO_MAJORITY(503, "Too few of the file's nodes are reachable"),
    UNKNOWN_OUTCOME(503, "Nobody can say whether the file was changed"),
    BUSY(503, "This node is too busy"),
    DISK_FAILED(503, "The disk of this node fails"),
    SHUTTING_DOWN(503, "This node is shutting down"),
    TIMED_OUT(504, "It took too long"),
    HTTP_VERSION(505, "This version of HTTP is not supported here"),
    DISK_FULL(507, "There is no room left");

    private static final String NAMESPACE = "urn:chordshare:problem:";

    private final int status;
    private final String title;
    private final URI uri;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
        this.uri = URI.create(NAMESPACE + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** The HTTP status of the response. */
    public int status() {
        return status;
    }

    /** A title for people, the same for every problem of this type. */
    public String title() {
        return title;
    }

    /** The identifier for programs, such as {@code urn:chordshare:problem:file-not-found}. */
    public URI uri() {
        return uri;
    }

    /**
     * Creates the problem details of a response.
     *
     * @param detail what happened and what to do about it, in one or two sentences without class names
     */
    public ProblemDetail toProblem(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(status), detail);
        problem.setType(uri);
        problem.setTitle(title);
        return problem;
    }
}
