package io.chordshare.problem;

import io.chordshare.json.ArrivingJson;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.api.OpenApiResourceNotFoundException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns every exception that leaves a controller into problem details that say what to do.
 * <p>
 * Two cases have no response. If the client has disconnected, nobody reads one. If the response has started already,
 * the exception goes on to Tomcat, which closes the connection: an incomplete download must not look complete.
 */
@RestControllerAdvice
public class ProblemAdvice extends ResponseEntityExceptionHandler implements ProblemAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** Limit for following causes, which may form a cycle. */
    private static final int MAX_CAUSES = 20;

    /** Headers that a controller may have set for content that it then could not send. */
    private static final List<String> OF_THE_CONTENT = List.of(HttpHeaders.CONTENT_LENGTH, HttpHeaders.ETAG,
            HttpHeaders.LAST_MODIFIED, HttpHeaders.ACCEPT_RANGES, HttpHeaders.CONTENT_RANGE,
            HttpHeaders.CONTENT_ENCODING, HttpHeaders.CONTENT_DISPOSITION, HttpHeaders.LOCATION,
            HttpHeaders.CACHE_CONTROL, "Repr-Digest", "Content-Digest");

    @Override
    @ExceptionHandler
    public @Nullable ResponseEntity<Object> handle(ChordshareException ex, ServletWebRequest request) {
        if (isCommitted(request)) {
            return afterCommit(ex, request);
        }
        HttpHeaders headers = new HttpHeaders();
        // Rounded up: clients that retry too early only add load
        ex.retryAfter().ifPresent(wait ->
                headers.set(HttpHeaders.RETRY_AFTER, Long.toString(wait.plusSeconds(1).minusNanos(1).toSeconds())));
        return answer(ex.type().toProblem(ex.detail()), headers, request);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> handle(ArrivingJson.BusyException ex, ServletWebRequest request) {
        return handle(new ChordshareException(ProblemType.BUSY, ex.getMessage()
                + ". Wait a moment, then try again, or use another node", ArrivingJson.RETRY_AFTER, ex), request);
    }

    /** Spring Boot's endpoints read {@code Accept} and fail when it is invalid. */
    @ExceptionHandler(InvalidMimeTypeException.class)
    @Nullable ResponseEntity<Object> handleAccept(ServletWebRequest request) {
        return answer(ProblemType.INVALID_REQUEST.toProblem("Correct the header \"Accept\", for example to */*, or"
                + " leave it out."), HttpHeaders.EMPTY, request);
    }

    /** There are two API groups. springdoc reports an unknown one by an exception that Spring does not know. */
    @ExceptionHandler
    @Nullable ResponseEntity<Object> handle(OpenApiResourceNotFoundException ex, ServletWebRequest request) {
        if (isCommitted(request)) {
            throw ex;
        }
        return answer(ProblemType.NOT_FOUND.toProblem("There is no such description. Ask for /v3/api-docs/public or"
                + " /v3/api-docs/peer."), HttpHeaders.EMPTY, request);
    }

    /** This node's disk failed. The disk has logged that already, so it is not logged again for every request. */
    @ExceptionHandler
    @Nullable ResponseEntity<Object> handle(StorageException ex, ServletWebRequest request) {
        if (isCommitted(request)) {
            return afterCommit(ex, request);
        }
        LOG.debug("{} failed because of the disk", request.getRequest().getRequestURI(), ex);
        return answer(ofDisk(ex), HttpHeaders.EMPTY, request);
    }

    private static ProblemDetail ofDisk(Exception ex) {
        return DiskFullException.isBehind(ex)
                ? ProblemType.DISK_FULL.toProblem("There is no room on the disk of this node. Delete files, free space"
                        + " on the disk, or add nodes. Downloads and deletes still work.")
                : ProblemType.DISK_FAILED.toProblem("Use another node. GET /actuator/health/readiness of this node"
                        + " shows the failure.");
    }

    /** Everything else, and I/O. */
    @ExceptionHandler
    @Nullable ResponseEntity<Object> handleOther(Exception ex, ServletWebRequest request) throws Exception {
        if (isClientGone(ex)) {
            return null;
        }
        if (isCommitted(request)) {
            throw ex;
        }
        if (causedBy(ex, BadRequestException.class)) {
            return answer(ProblemType.INVALID_REQUEST.toProblem("The chunked content is not valid HTTP/1.1: send its"
                    + " length in Content-Length, or correct the chunks."), HttpHeaders.EMPTY, request);
        }
        if (causedBy(ex, InvalidParameterException.class)) {
            return answer(ProblemType.INVALID_REQUEST.toProblem("The parameters are invalid: send at most 1,000 of"
                    + " them, each percent-encoded as UTF-8."), HttpHeaders.EMPTY, request);
        }
        if (DiskFullException.isBehind(ex)) {
            LOG.debug("{} failed because of the disk", request.getRequest().getRequestURI(), ex);
            return answer(ofDisk(ex), HttpHeaders.EMPTY, request);
        }
        return answer(incident(ex, request), HttpHeaders.EMPTY, request);
    }

    /** Every exception of Spring MVC itself arrives here. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
            HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ServletWebRequest current = (ServletWebRequest) request;
        if (isClientGone(ex)) {
            return null;
        }
        if (isCommitted(current)) {
            // The body was not valid HTTP: Tomcat refused the request when it read the bytes
            return causedBy(ex, BadRequestException.class) ? null : afterCommit(ex, current);
        }
        ProblemDetail problem = MvcProblems.of(ex, status);
        // The server's own fault: the content of such an exception is for the log only
        boolean ours = problem.getType().equals(ProblemType.INTERNAL.uri());
        return answer(ours ? incident(ex, current) : problem, headers, current);
    }

    private static @Nullable ResponseEntity<Object> afterCommit(Exception ex, ServletWebRequest request) {
        boolean endOfEvents = ex instanceof AsyncRequestTimeoutException && isEventStream(request.getResponse());
        if (!endOfEvents && !isRefusedByTomcat(request) && ex instanceof RuntimeException toTomcat) {
            throw toTomcat;
        }
        // An event stream that reached its time limit has no end that could be missed, because its reader reconnects.
        // Checked exceptions of Spring MVC come before a controller is called, so before anything can be committed.
        return null;
    }

    /** When a request body ends early, Tomcat sets the response at once. After that nothing else may respond. */
    private static boolean isRefusedByTomcat(ServletWebRequest request) {
        HttpServletResponse response = request.getResponse();
        return request.getRequest().getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException
                && response != null && response.getStatus() >= HttpStatus.BAD_REQUEST.value();
    }

    private static boolean isEventStream(@Nullable HttpServletResponse response) {
        String type = response == null ? null : response.getContentType();
        return type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    }

    private static boolean isCommitted(ServletWebRequest request) {
        HttpServletResponse response = request.getResponse();
        return response != null && response.isCommitted();
    }

    /** A failed call to a peer is an IOException too. Only these two types mean the client of this request. */
    private static boolean isClientGone(Exception ex) {
        return causedBy(ex, ClientAbortException.class) || causedBy(ex, AsyncRequestNotUsableException.class);
    }

    private static boolean causedBy(Exception ex, Class<? extends Exception> type) {
        Throwable cause = ex;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static ProblemDetail incident(Exception ex, ServletWebRequest request) {
        String incident = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        HttpServletRequest failed = request.getRequest();
        LOG.error("Incident {}: {} {} failed", incident, failed.getMethod(), failed.getRequestURI(), ex);
        return ProblemType.INTERNAL.toProblem("Try again. If it happens again, look for incident " + incident
                + " in this node's log.");
    }

    private static ResponseEntity<Object> answer(ProblemDetail problem, HttpHeaders headers,
            ServletWebRequest request) {
        HttpServletResponse response = request.getResponse();
        if (response != null) {
            // For an unsatisfiable range, Content-Range has the size of the file (RFC 9110, section 15.5.17)
            boolean noRange = problem.getStatus() == ProblemType.UNSATISFIABLE_RANGE.status();
            OF_THE_CONTENT.stream().filter(header -> !(noRange && header.equals(HttpHeaders.CONTENT_RANGE)))
                    .forEach(header -> response.setHeader(header, null));
        }
        problem.setInstance(path(request.getRequest()));
        return ResponseEntity.status(problem.getStatus()).headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
    }

    /** Set here, because Spring takes any path for a URI and fails on invalid ones, such as {@code //}. */
    private static URI path(HttpServletRequest request) {
        try {
            return new URI(request.getRequestURI());
        } catch (URISyntaxException e) {
            // The client knows what it asked for
            return URI.create("/");
        }
    }
}
