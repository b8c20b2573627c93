package io.chordshare.operations;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Redirects the documented address of Swagger UI to its page. springdoc would repeat the request's query in the header;
 * a long query then exceeds Tomcat's limit and causes a 500.
 */
final class SwaggerAddress extends OncePerRequestFilter {

    public static final String ADDRESS = "/swagger-ui.html";
    private static final String PAGE = "/swagger-ui/index.html";
    private static final Set<String> READS = Set.of(HttpMethod.GET.name(), HttpMethod.HEAD.name());

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (READS.contains(request.getMethod())) {
            response.setStatus(HttpStatus.FOUND.value());
            response.setHeader(HttpHeaders.LOCATION, request.getContextPath() + PAGE);
        } else {
            chain.doFilter(request, response);
        }
    }
}
