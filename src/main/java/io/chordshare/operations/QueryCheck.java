package io.chordshare.operations;

import io.chordshare.files.PercentEncoding;
import io.chordshare.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a query that is not percent-encoded correctly, at every address. Otherwise it depends on the endpoint whether such
 * a query is ignored, or fails within the server when the first parameter is read.
 */
final class QueryCheck extends OncePerRequestFilter implements Ordered {

    private final int order;

    QueryCheck(int order) {
        this.order = order;
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String query = request.getQueryString();
        try {
            if (query != null) {
                PercentEncoding.decode(query);
            }
        } catch (IllegalArgumentException e) {
            ProblemJson.send(response, ProblemType.INVALID_REQUEST, "Correct the query, after the \"?\". " + e.getMessage());
            return;
        }
        chain.doFilter(request, response);
    }
}
