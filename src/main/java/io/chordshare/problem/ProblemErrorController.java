package io.chordshare.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Answers requests that failed outside of the controllers (a filter, {@code sendError}, a TRACE). Replaces Spring
 * Boot's error page, which is HTML for a browser.
 */
@Controller
public class ProblemErrorController implements ErrorController {

    /** A client called {@code /error} itself. */
    private static final int NOT_AN_ERROR = 404;

    @RequestMapping("${server.error.path:${error.path:/error}}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            // Tomcat would append an error page to the sent part of the response, then close the connection. JSON at
            // the end of half a download is worse than half a download.
            return;
        }
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        ProblemJson.send(response, StatusProblems.of(status instanceof Integer code ? code : NOT_AN_ERROR));
    }
}
