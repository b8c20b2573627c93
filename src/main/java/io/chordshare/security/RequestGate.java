package io.chordshare.security;

import io.chordshare.connections.RequestSlots;
import io.chordshare.problem.ProblemJson;
import io.chordshare.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests of users while too many run, and while the node stops. Requests of peers and monitoring always pass.
 */
@Component
final class RequestGate extends OncePerRequestFilter implements Ordered {

    /** Paths of peers and monitoring systems. */
    private static final List<String> ALWAYS_OPEN = List.of("/peer/", "/ring/ping", "/ring/notify", "/actuator/");

    /** Longest part of a URI in the log: enough to recognize it. */
    private static final int MOST_CHARACTERS = 200;

    private static final String RETRY_AFTER_SECONDS = "1";

    private final RequestSlots admission;

    RequestGate(RequestSlots admission) {
        this.admission = admission;
    }

    /** Around all other filters, because a refusal takes time too. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String uri = request.getRequestURI();
        boolean ofUser = ALWAYS_OPEN.stream().noneMatch(uri::startsWith);
        switch (admission.enter(request.getMethod() + " " + shorten(uri), ofUser)) {
            case ADMITTED -> {
                try {
                    chain.doFilter(request, response);
                } finally {
                    admission.leave(ofUser);
                }
            }
            case TOO_MANY -> refuse(response, ProblemType.BUSY,
                    "Too many requests run now. Wait a moment, then try again, or use another node");
            case STOPPING -> refuse(response, ProblemType.SHUTTING_DOWN, "Use another node");
        }
    }

    private void refuse(HttpServletResponse response, ProblemType type, String detail) throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        response.setHeader(HttpHeaders.CONNECTION, "close");
        try {
            ProblemJson.send(response, type, detail);
        } finally {
            admission.answered();
        }
    }

    private static String shorten(String uri) {
        return uri.length() <= MOST_CHARACTERS ? uri : uri.substring(0, MOST_CHARACTERS) + "...";
    }
}
