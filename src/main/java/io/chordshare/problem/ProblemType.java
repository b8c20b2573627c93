package io.chordshare.problem;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Every kind of problem that a node answers with (RFC 9457). The type's URI is part of the interface: programs tell
 * problems apart by it, so a constant is never renamed. The title is for people and always the same for a type; the
 * detail says what to do in the case at hand.
 */
public enum ProblemType {

    INVALID_NAME(400, "This is not a valid file name"),
    INVALID_REQUEST(400, "The request cannot be understood"),
    DIGEST_MISMATCH(400, "The content does not match its digest"),
    TRUNCATED_BODY(400, "The content ended too early"),
    CONTENT_RANGE(400, "A file is uploaded as a whole"),
    INVALID_COPIES(400, "This is not a number of copies"),
    INVALID_KEY(400, "This is not a key of the ring"),
    INVALID_ADDRESS(400, "This is not the address of a node"),
    JOIN_SELF(400, "A node cannot join itself"),
    FOREIGN_ORIGIN(403, "Web pages from elsewhere may not change anything here"),
    FILE_NOT_FOUND(404, "There is no such file"),
    NOT_FOUND(404, "There is nothing at this address"),
    METHOD_NOT_ALLOWED(405, "This method is not possible here"),
    NOT_ACCEPTABLE(406, "The answer does not exist in the wanted format"),
    TOO_SLOW(408, "The content came too slowly"),
    ALREADY_IN_RING(409, "This node already belongs to a ring"),
    UNREACHABLE(409, "The other nodes cannot reach this one"),
    CANNOT_LEAVE(409, "This node cannot leave yet"),
    WRONG_RING(409, "These nodes belong to different rings"),
    PRECONDITION_FAILED(412, "The file is not in the expected state"),
    TOO_LARGE(413, "The content is too large"),
    URI_TOO_LONG(414, "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content is in a format that is not read here"),
    UNSATISFIABLE_RANGE(416, "The file has no such range"),
    MISDIRECTED(421, "This node does not answer for that host"),
    TOO_MANY(429, "There are too many requests"),
    HEADERS_TOO_LARGE(431, "The request's headers are too large"),
    INTERNAL(500, "Something went wrong in this node"),
    NOT_IMPLEMENTED(501, "This is not possible here"),
    PEER_FAILED(502, "Another node failed"),
    NOT_A_MEMBER(503, "This node is not a member of a ring at the moment"),
    NO_MAJORITY(503, "Too few of the file's nodes can be reached"),
    BUSY(503, "This node has too much to do"),
    DISK_FAILED(503, "The disk of this node fails"),
    SHUTTING_DOWN(503, "This node is shutting down"),
    TIMED_OUT(504, "It took too long"),
    HTTP_VERSION(505, "This version of HTTP is not spoken here"),
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

    /** The HTTP status that it is answered with. */
    public int status() {
        return status;
    }

    /** What a person understands, the same for every problem of this type. */
    public String title() {
        return title;
    }

    /** What programs tell the type by: {@code urn:chordshare:problem:file-not-found}. */
    public URI uri() {
        return uri;
    }

    /**
     * The problem details to answer with.
     *
     * @param detail what to do about it, in a sentence or two; no names of classes
     */
    public ProblemDetail toProblem(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(status), detail);
        problem.setType(uri);
        problem.setTitle(title);
        return problem;
    }
}
