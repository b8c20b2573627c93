package io.chordshare.security;

import io.chordshare.files.PercentEncoding;
import io.chordshare.problem.ProblemJson;
import io.chordshare.problem.ProblemType;
import io.chordshare.problem.StatusProblems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses URIs with invalid percent-encoding or invalid UTF-8. Tomcat checks only paths, and not the part after a
 * {@code ;}. An invalid rest or query would be ignored later, or would fail inside the server when it is first read.
 */
final class AddressCheck extends OncePerRequestFilter implements Ordered {

    /** Paths whose rest is a file name. */
    private static final List<String> BEFORE_NAMES = List.of("/files/", "/locations/");
    private static final int NOT_FOUND = 404;

    private final String healthEndpoint;
    private final int order;

    AddressCheck(String healthEndpoint, int order) {
        this.healthEndpoint = healthEndpoint;
        this.order = order;
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        if (isBelowHealthWithSlash(path)) {
            ProblemJson.send(response, StatusProblems.of(NOT_FOUND));
            return;
        }
        try {
            PercentEncoding.decode(path);
        } catch (IllegalArgumentException e) {
            boolean ofName = BEFORE_NAMES.stream().anyMatch(path::startsWith);
            ProblemJson.send(response, ofName ? ProblemType.INVALID_NAME : ProblemType.INVALID_REQUEST,
                    String.valueOf(e.getMessage()));
            return;
        }
        String query = request.getQueryString();
        try {
            if (query != null) {
                PercentEncoding.decode(query);
            }
        } catch (IllegalArgumentException e) {
            ProblemJson.send(response, ProblemType.INVALID_REQUEST, "Correct the query, after the \"?\". "
                    + e.getMessage());
            return;
        }
        chain.doFilter(request, response);
    }

    /** Spring Boot takes this part for the name of a health group, and fails on a slash in it. */
    private boolean isBelowHealthWithSlash(String path) {
        return path.startsWith(healthEndpoint + "/") && path.toLowerCase(Locale.ROOT).contains("%2f");
    }
}
