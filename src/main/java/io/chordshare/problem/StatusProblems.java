package io.chordshare.problem;

import org.springframework.http.ProblemDetail;

/** The problem for a plain HTTP status, when the code that refused a request set nothing else. */
public final class StatusProblems {

    private static final int FIRST_CLIENT_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;

    private StatusProblems() {
    }

    /** @param status an HTTP status of 400 or more; the problem keeps it */
    public static ProblemDetail of(int status) {
        ProblemDetail problem = type(status).toProblem(detail(status));
        // A status without its own type gets the most general type, but keeps its value
        problem.setStatus(status);
        return problem;
    }

    static ProblemType type(int status) {
        return switch (status) {
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 408 -> ProblemType.TOO_SLOW;
            case 412 -> ProblemType.PRECONDITION_FAILED;
            case 413 -> ProblemType.TOO_LARGE;
            case 414 -> ProblemType.URI_TOO_LONG;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 416 -> ProblemType.UNSATISFIABLE_RANGE;
            case 421 -> ProblemType.MISDIRECTED;
            case 429 -> ProblemType.TOO_MANY;
            case 431 -> ProblemType.HEADERS_TOO_LARGE;
            case 501 -> ProblemType.NOT_IMPLEMENTED;
            case 502 -> ProblemType.PEER_FAILED;
            case 503 -> ProblemType.BUSY;
            case 504 -> ProblemType.TIMED_OUT;
            case 505 -> ProblemType.HTTP_VERSION;
            case 507 -> ProblemType.DISK_FULL;
            default -> status >= FIRST_CLIENT_ERROR && status < FIRST_SERVER_ERROR
                    ? ProblemType.INVALID_REQUEST : ProblemType.INTERNAL;
        };
    }

    private static String detail(int status) {
        return switch (type(status)) {
            case NOT_FOUND -> "Check the address: /swagger-ui.html lists the existing ones.";
            case METHOD_NOT_ALLOWED -> "Use one of the methods that the Allow header or /swagger-ui.html lists.";
            case NOT_ACCEPTABLE -> "Ask for application/json, or leave the Accept header out.";
            case TOO_SLOW -> "Nothing was stored: the connection paused for too long, or was too slow for too long."
                    + " Send the request again over a better connection.";
            case PRECONDITION_FAILED -> "Read the current state, then decide and send the request again.";
            case TOO_LARGE -> "Send less at once.";
            case URI_TOO_LONG -> "Shorten the address: the name and the parameters together are too long.";
            case UNSUPPORTED_MEDIA_TYPE -> "Send application/json and name it in the Content-Type header.";
            case UNSATISFIABLE_RANGE -> "Ask for a range within the file's size.";
            case MISDIRECTED -> "Call this node by localhost or by its advertised address.";
            case TOO_MANY, BUSY -> "Wait a moment, then try again.";
            case HEADERS_TOO_LARGE -> "Send fewer or shorter headers and cookies.";
            case NOT_IMPLEMENTED -> "Use GET, HEAD, PUT, POST or DELETE, and no transfer coding except chunked.";
            case PEER_FAILED, TIMED_OUT -> "Try again, or use another node.";
            case HTTP_VERSION -> "Use HTTP/1.1.";
            case DISK_FULL -> "Free some space, or use another node.";
            case INTERNAL -> "Try again. If it happens again, look into this node's log.";
            default -> "Check the request line, the headers and the body: this is not a valid HTTP/1.1 request. In an"
                    + " address, spaces, quotes, \"\\\" and characters beyond ASCII must be percent-encoded, and \"%\""
                    + " must be followed by two hex digits.";
        };
    }
}
