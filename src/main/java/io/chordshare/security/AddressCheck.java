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
 * Refuses addresses whose percent-encoding is wrong, or not UTF-8. Tomcat does so for paths, without what is behind a
 * {@code ;} in them: that, and a query, is ignored later, or fails within the server when it is first read.
 */
public final class AddressCheck extends OncePerRequestFilter implements Ordered {

    /** Where the rest of a path is a file's name. */
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

    /** Spring Boot takes the part for the name of a group of health indicators, and fails on a slash in it. */
    private boolean isBelowHealthWithSlash(String path) {
        return path.startsWith(healthEndpoint + "/") && path.toLowerCase(Locale.ROOT).contains("%2f");
    }
}
