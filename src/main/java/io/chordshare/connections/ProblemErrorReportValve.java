package io.chordshare.connections;

import io.chordshare.files.FileName;
import io.chordshare.files.InvalidNameException;
import io.chordshare.problem.ProblemJson;
import io.chordshare.problem.ProblemType;
import io.chordshare.problem.StatusProblems;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ProblemDetail;

/**
 * Answers requests that Tomcat itself refuses (a bad {@code %}-sequence, an endless header, ...) with problem details,
 * instead of an HTML page that shows Tomcat's version. Such requests never reach Spring. Public and without constructor
 * arguments, because Tomcat creates it by name.
 */
public final class ProblemErrorReportValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemErrorReportValve.class);
    private static final int FIRST_ERROR_STATUS = 400;
    private static final int BAD_REQUEST = 400;
    /** Addresses that contain a file name. For these, the answer can explain what is wrong with the name. */
    private static final List<String> BEFORE_NAMES = List.of("/files/", "/locations/");

    // Only the (translated) message distinguishes these two from other bad requests
    private static final String TOO_LARGE =
            StringManager.getManager(Http11InputBuffer.class).getString("iib.requestheadertoolarge.error");
    private static final String TOO_MANY_HEADERS =
            StringManager.getManager(MimeHeaders.class).getString("headers.maxCountFail", "#").split("#", 2)[0];

    /** For Tomcat, which calls it by reflection. */
    public ProblemErrorReportValve() {
        setShowReport(false);
        setShowServerInfo(false);
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        // the same conditions as in the superclass: an error, not yet reported, on a writable connection
        if (response.getStatus() < FIRST_ERROR_STATUS || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        AtomicBoolean canWrite = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, canWrite);
        if (!canWrite.get()) {
            return;
        }
        try {
            ProblemJson.send(response, problem(request, response.getStatus(), thrown));
            response.finishResponse();
        } catch (IOException e) {
            // the client has gone, so nobody can get the report
            LOG.debug("An error could not be reported", e);
        }
    }

    private static ProblemDetail problem(Request request, int status, @Nullable Throwable thrown) {
        String uri = request.getRequestURI();
        if (status != BAD_REQUEST) {
            return StatusProblems.of(status);
        }
        if (isTooLarge(thrown)) {
            // without a decoded address, Tomcat stopped reading within the address
            return StatusProblems.of((uri == null ? ProblemType.URI_TOO_LONG : ProblemType.HEADERS_TOO_LARGE).status());
        }
        for (String prefix : BEFORE_NAMES) {
            if (uri != null && uri.startsWith(prefix)) {
                return ofName(uri, prefix);
            }
        }
        return StatusProblems.of(status);
    }

    private static boolean isTooLarge(@Nullable Throwable thrown) {
        String message = thrown == null ? null : thrown.getMessage();
        return message != null && (message.equals(TOO_LARGE) || message.startsWith(TOO_MANY_HEADERS));
    }

    /** An invalid name is the reason. With a valid name, something else about the request is wrong. */
    private static ProblemDetail ofName(String uri, String prefix) {
        try {
            FileName.fromRequestUri(uri, prefix);
            return StatusProblems.of(BAD_REQUEST);
        } catch (InvalidNameException e) {
            return ProblemType.INVALID_NAME.toProblem(String.valueOf(e.getMessage()));
        }
    }
}
