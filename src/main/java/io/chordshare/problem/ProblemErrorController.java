package io.chordshare.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Where the servlet container sends a request that failed outside of the controllers (a filter, {@code sendError}, a
 * TRACE). Stands in for Spring Boot's error page, which would be HTML for a browser.
 */
@Controller
public class ProblemErrorController implements ErrorController {

    /** Somebody called {@code /error} itself. */
    private static final int NOT_AN_ERROR = 404;

    @RequestMapping("${server.error.path:${error.path:/error}}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            // Tomcat includes error pages in what has been sent already, and then cuts the connection. Half a download
            // with some JSON after it is worse than half a download.
            return;
        }
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        ProblemJson.send(response, StatusProblems.of(status instanceof Integer code ? code : NOT_AN_ERROR));
    }
}
