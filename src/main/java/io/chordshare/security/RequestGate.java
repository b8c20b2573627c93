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
 * Refuses users while too many of their requests run, and when the node stops. Peers and monitoring always get through.
 */
@Component
public final class RequestGate extends OncePerRequestFilter implements Ordered {

    /** What peers and monitoring systems ask for. */
    private static final List<String> ALWAYS_OPEN = List.of("/peer/", "/ring/ping", "/ring/notify", "/actuator/");

    /** Of an address, in the log: enough to know it again. */
    private static final int MOST_CHARACTERS = 200;

    private static final String RETRY_AFTER_SECONDS = "1";

    private final RequestSlots admission;

    RequestGate(RequestSlots admission) {
        this.admission = admission;
    }

    /** Around all other filters: a refusal takes time, too. */
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
                    "Too many requests run at the moment. Wait a moment, then try"
                    + " again, or ask another node");
            case STOPPING -> refuse(response, ProblemType.SHUTTING_DOWN, "Ask another node");
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
